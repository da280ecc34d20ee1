import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads lines of a class and a JSON into that class; says of each what the class keeps of it, without nulls. */
public class ReadModels {
    /** Of fields alone: to getPNumber() it would give a field pnumber, beside p_number. */
    private static final ObjectMapper MAPPER =
            new ObjectMapper().setVisibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE);

    public static void main(String[] none) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] told = line.split("\t", 2);
            Object read = MAPPER.readValue(told[1], Class.forName(told[0]));
            System.out.write(MAPPER.writeValueAsBytes(withoutNulls(MAPPER.valueToTree(read))));
            System.out.println();
        }
    }

    private static JsonNode withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode fields) {
            fields.properties().removeIf(field -> field.getValue().isNull());
            fields.forEach(ReadModels::withoutNulls);
        } else if (node instanceof ArrayNode items) {
            items.forEach(ReadModels::withoutNulls);
        }
        return node;
    }
}
