import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints each message of a topic as the CloudEvents library for Java gives it, with the settings of the client. */
public final class ReadEvents {
    public static void main(String[] arguments) {
        Map<String, Object> settings = Map.of("bootstrap.servers", arguments[0], "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new CloudEventDeserializer())) {
            var places = consumer.partitionsFor(arguments[1]).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(places);
            var ends = consumer.endOffsets(places);
            for (TopicPartition place : places) {
                consumer.assign(List.of(place));
                consumer.seekToBeginning(List.of(place));
                read(consumer, place, ends.get(place));
            }
        }
    }

    private static void read(KafkaConsumer<String, CloudEvent> consumer, TopicPartition place, long end) {
        while (consumer.position(place) < end) {
            try {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    CloudEvent event = record.value();
                    System.out.println(record.key() + " " + (event == null ? null : event.getId() + " "
                            + event.getTime() + " " + event.getExtension("sequence")));
                }
            } catch (RecordDeserializationException error) {
                System.out.println(new String(error.keyBuffer().array()) + " no event");
                consumer.seek(place, error.offset() + 1);
            }
        }
    }
}
