import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/**
 * How many open units each owner has, kept up to date in a topic of its own.
 *
 * <p>{@code java -cp '.cache/clients/*' examples/streams/OpenUnits.java localhost:9092 sor.units open-units}
 *
 * <p>The topic open-units must be there. Streams makes its own inner topics.
 */
public final class OpenUnits {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[2]);
        // Streams reads uncommitted messages unless told. With this it reads whole nights only, and counts each once.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);

        StreamsBuilder builder = new StreamsBuilder();
        builder.table(arguments[1], Consumed.with(Serdes.String(), Serdes.String()))
                // A tombstone never gets here: the table takes the unit out, and the count goes down.
                .filter((id, state) -> read(state).path("state").asText().equals("open"))
                .groupBy(
                        (id, state) -> KeyValue.pair(read(state).path("owner").path("id").asText(), ""),
                        Grouped.with(Serdes.String(), Serdes.String()))
                .count()
                .toStream()
                .to(arguments[2], Produced.with(Serdes.String(), Serdes.Long()));

        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    private static JsonNode read(String state) {
        try {
            return JSON.readTree(state);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
