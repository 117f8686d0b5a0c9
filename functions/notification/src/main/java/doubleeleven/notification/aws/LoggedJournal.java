package doubleeleven.notification.aws;

import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.notification.delivery.Journal;
import doubleeleven.notification.delivery.Notification;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What became of notifications, as log lines and as metrics. */
record LoggedJournal(Log log, Metrics metrics) implements Journal {
    @Override
    public void delivered(Notification notification, Duration age) {
        metrics.count("NotificationsDelivered", 1);
        metrics.milliseconds("NotificationAge", (double) age.toMillis());
        log.info("Notified", about(notification));
    }

    @Override
    public void refused(Notification notification, String why) {
        metrics.count("NotificationsRefused", 1);
        Map<String, Object> fields = about(notification);
        fields.put("why", why);
        log.info("A notification was not taken", fields);
    }

    @Override
    public void postponed(Notification notification, Reason reason) {
        metrics.count("NotificationsPostponed", 1, Map.of("reason", reason.name()));
    }

    private static Map<String, Object> about(Notification notification) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("notification", notification.id());
        fields.put("merchant", notification.merchant());
        fields.put("traceparent", notification.trace());
        return fields;
    }
}
