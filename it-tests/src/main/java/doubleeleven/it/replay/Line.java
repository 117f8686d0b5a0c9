package doubleeleven.it.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A line of an order, or of its cancellation, as the retailer recorded it. */
public record Line(
        LocalDateTime time,
        String invoice,
        String stockCode,
        int quantity,
        long unitPricePence,
        String customer,
        String country) {
    private static final String HEADER = "time,invoice,stock_code,quantity,unit_price_pence,customer_id,country";
    private static final int COLUMNS = 7;

    boolean isCancellation() {
        return invoice.startsWith("C") || quantity < 0;
    }

    /** Reads the given gzipped file, or the sample that comes with the replay. */
    public static List<Line> read(Optional<Path> file) throws IOException {
        try (InputStream in = file.isPresent()
                ? Files.newInputStream(file.get())
                : Line.class.getResourceAsStream("/data/online-retail.csv.gz")) {
            if (in == null) {
                throw new IOException("the sample is missing from the class path");
            }
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
                String header = reader.readLine();
                if (!HEADER.equals(header)) {
                    throw new IOException("the first line must be " + HEADER + ", not " + header);
                }
                return reader.lines().map(Line::parse).toList();
            }
        }
    }

    static Line parse(String csv) {
        String[] column = csv.split(",", COLUMNS);
        if (column.length < COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " columns: " + csv);
        }
        return new Line(
                LocalDateTime.parse(column[0]),
                column[1],
                column[2],
                Integer.parseInt(column[3]),
                Long.parseLong(column[4]),
                column[5],
                column[6].replace("\"", ""));
    }
}
