package doubleeleven.cdk.topology;

/** What API Gateway lets through in each Region before it answers 429. */
public record ApiSettings(int requestsPerSecond, int burst) {}
