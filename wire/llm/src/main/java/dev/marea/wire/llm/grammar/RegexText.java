package dev.marea.wire.llm.grammar;

/** Where a pattern's text stands: as it is, or inside a JSON string, where some letters differ. */
enum RegexText {
    PLAIN {
        @Override
        String letter(int c) {
            return Rules.literal(Character.toString(c));
        }

        @Override
        String any() {
            return "[^\\n\\r]";
        }
    },
    JSON {
        @Override
        String letter(int c) {
            var written =
                    switch (c) {
                        case '"' -> "\\\"";
                        case '\\' -> "\\\\";
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        default -> Character.toString(c);
                    };
            return Rules.literal(written);
        }

        @Override
        String any() {
            return "[^\"\\\\\\x00-\\x1F\\x7F]";
        }
    };

    abstract String letter(int c);

    abstract String any();
}
