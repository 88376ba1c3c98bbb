package dev.marea.storage.stores;

import java.io.IOException;
import java.util.Map;

/** The protocol of one kind of store, as its own servers speak it. */
interface Shape {
    /** Of the model below {@code models/iris}. */
    String uri(FakeStore store);

    /** Settings that name the server. */
    Map<String, String> environment(FakeStore store);

    /** The keys of the Secret that lets in. */
    Map<String, String> secret();

    /** Which key a refusal tells to mend. */
    String mend();

    void answer(FakeStore store, Call call) throws IOException;
}
