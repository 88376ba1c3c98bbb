package dev.marea.app.cli;

/** The forms in which a result can be printed. */
enum Output {
    table,
    wide,
    json,
    yaml,
    name
}
