"""The nights of the scenarios, each story made by a small builder: `python -m tests.scenarios.stories [NN…]`.

A module story_*.py defines NIGHTS: the scenario's folder name to a function that makes its nights, file name to bytes.
"""
