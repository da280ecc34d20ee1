// Print each event of a stream, its id and its data, as a line of JSON.
import { EventSource } from "eventsource";

const source = new EventSource(process.argv[2]);
source.onmessage = ({ lastEventId, data }) => console.log(JSON.stringify([lastEventId, data]));
// It would connect anew, also when the server is gone for good.
source.onerror = () => process.exit(1);
