package dev.marea.wire.llm.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads events out of bytes that come in any pieces: half lines, half characters, any of the three
 * line ends, comments, fields that nobody knows. An event that is never finished is never told.
 */
public final class SseReader {
    private final int eventBytesMax;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private boolean anyData;
    private boolean afterReturn;
    private boolean first = true;
    private int eventBytes;

    public SseReader(int eventBytesMax) {
        this.eventBytesMax = eventBytesMax;
    }

    /** The events that these bytes complete. */
    public List<SseEvent> feed(byte[] bytes, int from, int length) throws EventTooLong {
        var events = new ArrayList<SseEvent>();
        for (int i = from; i < from + length; i++) {
            byte b = bytes[i];
            boolean secondOfPair = b == '\n' && afterReturn;
            afterReturn = b == '\r';
            if (secondOfPair) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                endLine(events);
            } else {
                line.write(b);
                if (++eventBytes > eventBytesMax) {
                    throw new EventTooLong(eventBytesMax);
                }
            }
        }
        return events;
    }

    public List<SseEvent> feed(byte[] bytes) throws EventTooLong {
        return feed(bytes, 0, bytes.length);
    }

    /** Whether bytes came that no event holds yet: a stream that ends here was cut. */
    public boolean inEvent() {
        return anyData || line.size() > 0;
    }

    private void endLine(List<SseEvent> events) {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (first) {
            first = false;
            text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            endEvent(events);
        } else if (text.charAt(0) == ':') {
            // A comment counts for no event, however long a stream of heartbeats gets.
            eventBytes = anyData ? eventBytes : 0;
        } else {
            field(text);
        }
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        var field = colon < 0 ? text : text.substring(0, colon);
        var value = colon < 0 ? "" : text.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        if (field.equals("data")) {
            data.append(anyData ? "\n" : "").append(value);
            anyData = true;
        } else if (field.equals("event")) {
            name = value;
        }
    }

    private void endEvent(List<SseEvent> events) {
        if (anyData) {
            events.add(new SseEvent(name, data.toString()));
        }
        data.setLength(0);
        anyData = false;
        name = "";
        eventBytes = 0;
    }

    /** An event longer than anyone may make us hold. */
    public static final class EventTooLong extends Exception {
        private static final long serialVersionUID = 1;

        EventTooLong(int bytesMax) {
            super("an event of the stream is longer than " + bytesMax + " bytes");
        }
    }
}
