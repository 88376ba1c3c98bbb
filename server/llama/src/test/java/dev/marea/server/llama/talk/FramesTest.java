package dev.marea.server.llama.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.llama.gguf.GgmlType;
import dev.marea.server.llama.sample.Sampling;
import dev.marea.server.llama.sample.TokenOdds;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramesTest {
    @TempDir Path directory;
    private SocketChannel wire;
    private Frames here;
    private Frames there;

    @BeforeEach
    void connect() throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(address);
            wire = SocketChannel.open(address);
            here = new Frames(wire);
            there = new Frames(listening.accept());
        }
    }

    @AfterEach
    void close() throws IOException {
        here.close();
        there.close();
    }

    private Order told(Order order) throws IOException {
        Orders.write(here, order);
        here.flush();
        return Orders.read(there);
    }

    private News told(News news) throws IOException {
        Reports.write(here, news);
        here.flush();
        return Reports.read(there);
    }

    @Test
    void ordersArriveAsTheyWere() throws IOException {
        var settings =
                EngineSettings.of("m.gguf", 3)
                        .withLength(5, 9)
                        .withMemory(GgmlType.Q8_0, false)
                        .withAdapters(new LinkedHashMap<>(Map.of("a", "a.gguf")));
        var how = new Sampling(0.5, 4, 0.9, 0.1, 1, -1, 1.2, 77, Map.of(3, -4f), 2, true);
        var wanted =
                Wanted.of(how, 8)
                        .withStops(List.of("ö", "x"))
                        .withOdds(2)
                        .withGrammar("root ::= \"\"");
        var prompt =
                new Prompt.Text(
                        List.of(new Prompt.Part("ü", true), new Prompt.Part("", false)), true);
        assertThat(told(new Order.Load(settings))).isEqualTo(new Order.Load(settings));
        assertThat(told(new Order.Generate(1, prompt, wanted)))
                .isEqualTo(new Order.Generate(1, prompt, wanted));
        assertThat(told(new Order.Cancel(2))).isEqualTo(new Order.Cancel(2));
        assertThat(told(new Order.Embed(3, prompt, "second")))
                .isEqualTo(new Order.Embed(3, prompt, "second"));
        assertThat(((Order.Detokenize) told(new Order.Detokenize(4, new int[] {1, 2}))).tokens())
                .containsExactly(1, 2);
    }

    @Test
    void newsArriveAsTheyWere() throws IOException {
        var odds = new TokenOdds(1, -0.5f, List.of(new TokenOdds.Top(1, -0.5f)));
        var made =
                new News.Made(
                        1,
                        2,
                        3,
                        "tëxt",
                        Optional.of(new News.Odds(odds, new byte[] {1}, List.of(new byte[] {2}))));
        var got = (News.Made) told(made);
        assertThat(got.text()).isEqualTo("tëxt");
        assertThat(got.odds().orElseThrow().odds()).isEqualTo(odds);
        var ended = new News.Ended(1, 0, News.End.STOP, "", "stop", 7);
        assertThat(told(ended)).isEqualTo(ended);
        var failed = new News.Failed(1, News.Why.BUSY, "full");
        assertThat(told(failed)).isEqualTo(failed);
        var pulse = new News.Pulse(new Gauges(1, 2, 0.5, 3, 4, 5, 6, 7));
        assertThat(told(pulse)).isEqualTo(pulse);
        var facts =
                new ModelFacts(
                        ModelFacts.Kind.RANKS,
                        "bert",
                        1,
                        2,
                        3,
                        4,
                        "t",
                        "b",
                        "e",
                        true,
                        List.of("<s>"));
        assertThat(told(new News.Ready(facts))).isEqualTo(new News.Ready(facts));
    }

    @Test
    void framesAndFieldsThatCannotBeAreRefused() throws IOException {
        wire.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
        assertThatThrownBy(() -> Orders.read(there)).isInstanceOf(IOException.class);
        // A list of tokens that is longer than its frame.
        var lie = ByteBuffer.allocate(17).putInt(13).put((byte) 5).putLong(1).putInt(1 << 30);
        wire.write(lie.flip());
        assertThatThrownBy(() -> Orders.read(there)).hasMessageContaining("shorter frame");
    }
}
