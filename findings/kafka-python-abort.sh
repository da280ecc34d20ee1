#!/bin/sh
# Software:   kafka-python 3.0.12 with Apache Kafka 4.3.1
# Behaviour:  `KafkaAdminClient.abort_transaction` as it comes (coordinator_epoch=-1) is documented to pass over the check of the
#             coordinator's epoch. The broker makes that check all the same, and refuses the call as soon as the producer has
#             ended any transaction in that partition before. With the epoch that `describe_producers` gives it is aborted.
# Seen:       2026-11-29
# Why:        It is the remedy for a transaction that hangs, and whoever publishes each night has ended one before. Our tests
#             give the epoch; docs/publishing.md names Kafka's own tool, which does so by itself.
set -eu
folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill "$broker" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --batch-mode --quiet dependency:copy-dependencies -DoutputDirectory=jars -DincludeScope=runtime
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kafka-python==3.0.12

# Its two ports are free ones of this moment.
set -- $(python3 -c '
import socket
found = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(each.getsockname()[1] for each in found))')
cat > server.properties <<TEXT
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$2
listeners=BROKER://127.0.0.1:$1,CONTROLLER://127.0.0.1:$2
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs=$folder/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
TEXT
java -cp 'jars/*' kafka.tools.StorageTool format --standalone -t AAAAAAAAAAAAAAAAAAAAAA -c server.properties > log 2>&1
java -Xmx256m -cp 'jars/*' kafka.Kafka server.properties >> log 2>&1 &
broker=$!

cat > abort.py <<'PY'
import sys
import time
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import AbortTransactionSpec, NewTopic
from kafka.errors import KafkaError

server, place = sys.argv[1], TopicPartition("letters", 0)
for _ in range(60):
    try:
        admin = KafkaAdminClient(bootstrap_servers=server)
        admin.create_topics([NewTopic("letters", 1, 1)])
        break
    except KafkaError:
        time.sleep(0.5)

def find_open():
    return [
        state
        for state in admin.describe_producers([place])[place].active_producers
        if state.current_transaction_start_offset >= 0
    ]

def abort(*epoch):
    (state,) = find_open()
    try:
        admin.abort_transaction(
            AbortTransactionSpec(place, state.producer_id, state.producer_epoch, *epoch)
        )
    except KafkaError as error:
        return type(error).__name__
    return "aborted"

producer = KafkaProducer(bootstrap_servers=server, transactional_id="writer")
producer.init_transactions()
for last in (False, True):
    producer.begin_transaction()
    producer.send("letters", b"a letter").get(30)
    if not last:
        producer.commit_transaction()
while not find_open():  # until the end of the first one is written
    time.sleep(0.1)
epoch = find_open()[0].coordinator_epoch
print("as it comes:", abort())
print("with the epoch of the coordinator:", abort(epoch))
print("open afterwards:", len(find_open()))
producer.close(timeout=1)
PY
venv/bin/python abort.py "127.0.0.1:$1" > seen 2> errors || { cat errors; exit 1; }

cat > expected <<'TEXT'
as it comes: TransactionCoordinatorFencedError
with the epoch of the coordinator: aborted
open afterwards: 0
TEXT
cat seen
diff expected seen
