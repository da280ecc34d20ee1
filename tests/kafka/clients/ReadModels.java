import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads lines of a class and a JSON into that class; says of each what the class keeps of it. */
public class ReadModels {
    /** Of fields alone: to getPNumber() it would give a field pnumber, beside p_number. */
    private static final ObjectMapper MAPPER =
            new ObjectMapper().setVisibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE);

    public static void main(String[] none) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] told = line.split("\t", 2);
            Object read = MAPPER.readValue(told[1], Class.forName(told[0]));
            System.out.write(MAPPER.writeValueAsBytes(read));
            System.out.println();
        }
    }
}
