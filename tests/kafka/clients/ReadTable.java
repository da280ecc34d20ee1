import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.DriverManager;
import java.util.LinkedHashMap;

/** The rows of a table, each as JSON in a line: `ReadTable URL TABLE`. Without the table there are none. */
public class ReadTable {
    public static void main(String[] words) throws Exception {
        var mapper = new ObjectMapper();
        try (var database = DriverManager.getConnection(words[0]);
                var tables = database.getMetaData().getTables(null, null, words[1], null)) {
            if (!tables.next()) {
                return;
            }
            var rows = database.createStatement().executeQuery("SELECT * FROM " + words[1]);
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                var row = new LinkedHashMap<String, Object>();
                for (int at = 1; at <= columns; at++) {
                    row.put(rows.getMetaData().getColumnName(at), rows.getObject(at));
                }
                System.out.write(mapper.writeValueAsBytes(row));
                System.out.println();
            }
        }
    }
}
