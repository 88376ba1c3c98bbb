package dev.marea.server.runtime.sklearn;

import java.util.ArrayList;
import java.util.List;

/**
 * The usual words: whole runs of word characters, {@code \b\w\w+\b}.
 *
 * @param shortest how many characters a word has at least
 */
record WordTokens(int shortest) implements Analyzer.Tokens {
    @Override
    public List<String> of(String text, Effort effort) {
        var found = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            int characters = 0;
            int c = text.codePointAt(at);
            while (PythonText.isWord(c)) {
                characters++;
                at += Character.charCount(c);
                c = at < text.length() ? text.codePointAt(at) : ' ';
            }
            if (characters >= shortest) {
                found.add(text.substring(start, at));
            }
            at += at < text.length() ? Character.charCount(c) : 0;
        }
        return found;
    }
}
