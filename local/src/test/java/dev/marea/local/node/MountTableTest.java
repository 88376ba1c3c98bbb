package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountTableTest {
    private final MountTable table =
            new MountTable(
                    List.of(
                            new MountTable.Mount("/mnt/models/", Path.of("/real/m")),
                            new MountTable.Mount("/mnt/models/extra", Path.of("/real/x")),
                            new MountTable.Mount("/etc/app.conf", Path.of("/real/conf"))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model_dir=/mnt/models | --model_dir=/real/m",
                "/mnt/models/a/b.bin | /real/m/a/b.bin",
                "/mnt/models2 | /mnt/models2",
                "/data/mnt/models | /data/mnt/models",
                "./mnt/models | ./mnt/models",
                "file:///mnt/models/x | file:///real/m/x",
                "/mnt/models:/mnt/models/extra/y | /real/m:/real/x/y",
                "cat '/mnt/models' /etc/app.conf; ls | cat '/real/m' /real/conf; ls",
                "/mnt/models.bak | /mnt/models.bak",
                "[\"/mnt/models\"] | [\"/real/m\"]",
                "/mnt | /mnt",
                "nothing | nothing",
            })
    void replacesAMountPathWhereAPathBeginsWithIt(String written, String real) {
        assertThat(table.apply(written)).isEqualTo(real);
    }
}
