// Prints each message of a topic as npm's cloudevents gives it, read by kafkajs with its own settings:
// node read.js localhost:9092 sor.units 120 (so many messages)
const { Kafka } = require("kafkajs");
const { Kafka: binding } = require("cloudevents");

const [, , servers, topic, count] = process.argv;
const client = new Kafka({ clientId: topic, brokers: [servers], logLevel: 1 });
const consumer = client.consumer({ groupId: `${topic}.node` });
let left = Number(count);

// kafkajs gives headers as buffers, and the library looks for texts.
const texts = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString()]));

function tell(message) {
  if (message.value === null) return "null"; // else the library throws, for a tombstone is no event
  const found = { headers: texts(message.headers), key: message.key.toString(), value: message.value };
  try {
    const event = binding.toEvent(found);
    return `${event.id} ${Date.parse(event.time)} ${event.sequence}`;
  } catch {
    return "no event";
  }
}

async function main() {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      console.log(`${message.key} ${tell(message)}`);
      left -= 1;
      if (left === 0) setImmediate(() => consumer.disconnect().then(() => process.exit(0)));
    },
  });
}

main();
