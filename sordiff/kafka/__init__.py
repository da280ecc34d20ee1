"""Publishing: topics, messages, one transaction a run. Only here is kafka-python known."""
