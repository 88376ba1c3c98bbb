package dev.marea.wire.llm.jinja;

/** The text that a rendering has written so far, never more than it may. */
final class Output {
    private final StringBuilder text = new StringBuilder();
    private final Meter meter;

    Output(Meter meter) {
        this.meter = meter;
    }

    void write(String piece) {
        meter.fits((long) text.length() + piece.length());
        meter.work(piece.length());
        text.append(piece);
    }

    String text() {
        return text.toString();
    }
}
