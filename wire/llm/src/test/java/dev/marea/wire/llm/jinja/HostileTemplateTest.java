package dev.marea.wire.llm.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates come with models, and models come from anywhere. */
class HostileTemplateTest {
    private static final ZonedDateTime NOW =
            ZonedDateTime.of(2026, 11, 25, 9, 8, 7, 0, ZoneOffset.UTC);
    private static final Json.Obj VARIABLES =
            Json.Obj.of(
                    "messages", List.of(Json.Obj.of("role", "user", "content", "hello")),
                    "s", "x".repeat(1_000));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(10**9) %}{% endfor %}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% for i in range(99999) %}{{ s }}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x * 9 %}{% endfor %}",
                "{{ 'a' * 10**12 }}",
                "{{ [0] * 10**12 }}",
                "{{ 'a'.ljust(10**9) }}",
                "{{ 'a' | center(10**9) }}",
                "{{ 'aaaa'.replace('a', 'b' * 9999).replace('b', 'c' * 9999) }}",
                "{{ ('a' * 50000).replace('', 'b' * 50000) }}",
                "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
                "{% macro m(x) %}{{ x }}{{ m(x + 1) }}{{ m(x + 1) }}{% endmacro %}{{ m(1) }}",
                "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
                "{% set ns = namespace(x=[]) %}{% for i in range(200) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                "{{ '%99999999d' % 1 }}",
                "{{ ('ab' * 20000).split('a') | map('length') | list | sort | unique | list | length }}{% for i in range(99999) %}{{ (s * 20).split('x') | length }}{% endfor %}"
            })
    void whatWantsTooMuchIsStopped(String source) throws Exception {
        var template = Template.compile(source, TemplateLimits.DEFAULT);
        assertThatThrownBy(() -> template.render(VARIABLES, NOW)).isInstanceOf(TemplateError.class);
        assertThat(
                        Template.compile("{{ messages[0].content }}", TemplateLimits.DEFAULT)
                                .render(VARIABLES, NOW))
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ lipsum.__globals__['os'].popen('id').read() }}",
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{{ messages.getClass().forName('java.lang.Runtime') }}",
                "{{ messages[0].content.class.classLoader.x }}",
                "{{ self.__init__.__globals__ }}",
                "{{ config.items() }}",
                "{{ cycler.__init__.__globals__.os }}",
                "{{ joiner.__init__.x }}",
                "{{ ''.format.__globals__.x }}",
                "{{ '{0.__class__}'.format(1) }}",
                "{{ messages | attr('__class__') | attr('x') }}",
                "{{ namespace.__init__.x }}",
                "{% include '/etc/passwd' %}",
                "{% import 'os' as os %}",
                "{% from 'os' import popen %}",
                "{% extends 'base' %}",
                "{% block x %}{% endblock %}{% debug %}"
            })
    void nothingLeadsOutOfTheData(String source) {
        assertThatThrownBy(() ->
                        Template.compile(source, TemplateLimits.DEFAULT).render(VARIABLES, NOW))
                .isInstanceOf(TemplateError.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{{ not ",
                "{{ -",
                "{% if a %}",
                "{{ {'a':",
                "{{ f(",
                "{{ a.b[",
                "{{ 1 if 1 else "
            })
    void deepNestingIsRefusedAndDoesNotExhaustTheStack(String piece) {
        var source = (piece.startsWith("{") ? "" : "{{ ") + piece.repeat(100_000 / piece.length());
        assertThatThrownBy(() -> Template.compile(source, TemplateLimits.DEFAULT))
                .isInstanceOf(TemplateError.class);
    }

    @Test
    void aTemplateThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> Template.compile("a".repeat(600_000), TemplateLimits.DEFAULT))
                .hasMessageContaining("524288");
    }

    @Test
    void anErrorNamesItsLine() throws Exception {
        var template =
                Template.compile("a\n{{ messages }}\n{{ nothing.here }}", TemplateLimits.DEFAULT);
        assertThatThrownBy(() -> template.render(VARIABLES, NOW))
                .hasMessage("line 3: 'nothing' is undefined");
        assertThatThrownBy(() -> Template.compile("a\n\n{% if %}", TemplateLimits.DEFAULT))
                .hasMessageStartingWith("line 3: ");
    }

    @Test
    void garbageIsRefusedOrRendered() {
        var pieces =
                List.of(
                        "{{", "}}", "{%", "%}", "{#", "#}", " if ", " for ", "x", " in ", "[", "]",
                        "(", ")", "|", "'", "\"", "end", "endif", "endfor", " set ", "=", "1", ".",
                        ",", "-", "~", "macro", "\n", "\\");
        for (int seed = 0; seed < 3_000; seed++) {
            var random = new Random(seed);
            var source = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                source.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                Template.compile(source.toString(), TemplateLimits.DEFAULT).render(VARIABLES, NOW);
            } catch (TemplateError expected) {
                assertThat(expected.getMessage()).as("seed %d: %s", seed, source).isNotBlank();
            }
        }
    }
}
