package dev.marea.local.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindTest {
    private static final Schemas SCHEMAS =
            Schemas.of(
                    List.of(
                            object(
                                    """
                                    {'spec':{'group':'example.dev','scope':'Namespaced',
                                     'names':{'plural':'widgets','kind':'Widget'},
                                     'versions':[{'name':'v1','subresources':{'status':{}},
                                      'schema':{'openAPIV3Schema':{'type':'object','required':['spec'],'properties':{
                                       'spec':{'type':'object','required':['size'],'properties':{
                                        'size':{'type':'integer','minimum':1,'maximum':9},
                                        'mode':{'type':'string','enum':['a','b'],'default':'a'},
                                        'code':{'type':'string','pattern':'^[a-z]+$','maxLength':3},
                                        'share':{'x-kubernetes-int-or-string':true},
                                        'parts':{'type':'array','maxItems':2,'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['name'],
                                         'items':{'type':'object','properties':{'name':{'type':'string'},'count':{'type':'integer','default':1}}}},
                                        'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{'n':{'type':'integer'}}}
                                       }}}}}}]}}
                                    """)));
    private static final Kind WIDGET =
            kind(new Resource("example.dev", "v1", "widgets", "Widget", true));

    private static Kind kind(Resource resource) {
        return SCHEMAS.of(resource).orElseThrow();
    }

    private static Json json(String text) {
        try {
            return JsonReader.read(text.replace('\'', '"'));
        } catch (JsonReader.MalformedJson bad) {
            throw new IllegalArgumentException(text, bad);
        }
    }

    private static Json.Obj object(String text) {
        return (Json.Obj) json(text);
    }

    private static Json.Obj deployment(String container) {
        return object(
                """
                {'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},
                 'spec':{'selector':{'matchLabels':{'app':'web'}},
                  'template':{'metadata':{'labels':{'app':'web'}},
                   'spec':{'volumes':[{'name':'v'}],'containers':[%s]}}}}
                """
                        .formatted(container));
    }

    private static Json.Obj stored(Resource resource, Json.Obj given) throws Refusal {
        var kind = kind(resource);
        return kind.defaulted(kind.decode(given, FieldValidation.STRICT).object());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':{'replica':1}} | unknown field \"spec.replica\", did you mean \"replicas\"?",
                "{'spec':{'template':{'spec':{'containers':[{'name':'a','imagePullPolice':'x'}]}}}}"
                        + " | unknown field \"spec.template.spec.containers[0].imagePullPolice\", did you mean"
                        + " \"imagePullPolicy\"?",
                "{'spek':{}} | unknown field \"spek\", did you mean \"spec\"?",
                "{'metadata':{'foo':1}} | unknown field \"metadata.foo\""
            })
    void anUnknownFieldIsRefusedWarnedOfOrIgnored(String given, String told) throws Refusal {
        var kind = kind(Resource.DEPLOYMENT);
        var prefix =
                "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding"
                        + " error: ";
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> kind.decode(object(given), FieldValidation.STRICT))
                .withMessage(prefix + told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(400));
        assertThat(kind.decode(object(given), FieldValidation.WARN).warnings())
                .containsExactly(told);
        assertThat(kind.decode(object(given), FieldValidation.IGNORE).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':{'replicas':'two'}} | json: cannot unmarshal string into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32",
                "{'spec':{'replicas':3000000000}} | of type int32",
                "{'spec':{'template':{'spec':{'containers':{}}}}} | cannot unmarshal object into Go struct"
                        + " field PodSpec.spec.template.spec.containers of type list",
                "{'spec':{'template':{'spec':{'containers':[{'name':'a','env':[{'name':'X','value':1}]}]}}}}"
                        + " | EnvVar.spec.template.spec.containers.env.value of type string",
                "{'spec':{'template':{'spec':{'containers':[{'resources':{'limits':{'cpu':'lots'}}}]}}}}"
                        + " | quantities must match the regular expression",
                "{'metadata':{'deletionTimestamp':'soon'}} | metadata.deletionTimestamp: parsing time"
            })
    void aValueOfAWrongTypeIsRefused(String given, String why) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        kind(Resource.DEPLOYMENT).decode(object(given), FieldValidation.IGNORE))
                .withMessageContaining(why)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(400));
    }

    @Test
    void aDeploymentIsDefaultedOnceAndForAll() throws Refusal {
        var given =
                deployment(
                        """
                        {'name':'a','image':'nginx','ports':[{'containerPort':80}],
                         'readinessProbe':{'httpGet':{'port':80}}}
                        """);
        var stored = stored(Resource.DEPLOYMENT, given);
        var spec = stored.object("spec");
        assertThat(spec.integer("replicas")).hasValue(1);
        assertThat(spec.integer("revisionHistoryLimit")).hasValue(10);
        assertThat(spec.integer("progressDeadlineSeconds")).hasValue(600);
        assertThat(spec.object("strategy"))
                .isEqualTo(
                        json(
                                "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':'25%','maxUnavailable':'25%'}}"));
        var pod = spec.object("template", "spec");
        assertThat(pod.without("containers"))
                .isEqualTo(
                        json(
                                """
                                {'restartPolicy':'Always','terminationGracePeriodSeconds':30,
                                 'dnsPolicy':'ClusterFirst','schedulerName':'default-scheduler',
                                 'securityContext':{},'volumes':[{'name':'v','emptyDir':{}}]}
                                """));
        assertThat(pod.list("containers").getFirst())
                .isEqualTo(
                        json(
                                """
                                {'name':'a','image':'nginx','imagePullPolicy':'Always','resources':{},
                                 'terminationMessagePath':'/dev/termination-log','terminationMessagePolicy':'File',
                                 'ports':[{'containerPort':80,'protocol':'TCP'}],
                                 'readinessProbe':{'httpGet':{'port':80,'path':'/','scheme':'HTTP'},
                                  'timeoutSeconds':1,'periodSeconds':10,'successThreshold':1,'failureThreshold':3}}
                                """));
        assertThat(stored(Resource.DEPLOYMENT, stored)).isEqualTo(stored);
        assertThat(kind(Resource.DEPLOYMENT).mistakes(Optional.empty(), stored)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, Always",
        "nginx:latest, Always",
        "nginx:1.2, IfNotPresent",
        "host:5000/nginx, Always",
        "nginx@sha256:0a, IfNotPresent"
    })
    void theTagDecidesWhetherToPull(String image, String policy) throws Refusal {
        var stored =
                stored(
                        Resource.DEPLOYMENT,
                        deployment("{'name':'a','image':'%s'}".formatted(image)));
        assertThat(stored.list("spec", "template", "spec", "containers").getFirst())
                .extracting(c -> c.text("imagePullPolicy").orElse(""))
                .isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'a'} | spec.template.spec.containers[0].image: Required value",
                "{'image':'i'} | spec.template.spec.containers[0].name: Required value",
                "{'name':'a','image':'i'},{'name':'a','image':'i'}"
                        + " | spec.template.spec.containers[1].name: Duplicate value: \"a\"",
                "{'name':'A','image':'i'} | spec.template.spec.containers[0].name: Invalid value: \"A\": a"
                        + " lowercase RFC 1123 label must consist of",
                "{'name':'a','image':'i','ports':[{'containerPort':70000}]}"
                        + " | spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000:"
                        + " must be between 1 and 65535, inclusive",
                "{'name':'a','image':'i','imagePullPolicy':'Sometimes'}"
                        + " | Unsupported value: \"Sometimes\": supported values: \"Always\", \"IfNotPresent\","
                        + " \"Never\"",
                "{'name':'a','image':'i','volumeMounts':[{'name':'w','mountPath':'/w'}]}"
                        + " | spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"w\"",
                "{'name':'a','image':'i','readinessProbe':{}}"
                        + " | spec.template.spec.containers[0].readinessProbe: Required value: must specify a"
                        + " handler type",
                "{'name':'a','image':'i','resources':{'limits':{'cpu':'500m'},'requests':{'cpu':'1'}}}"
                        + " | Invalid value: \"1\": must be less than or equal to cpu limit of 500m",
                " | spec.template.spec.containers: Required value"
            })
    void aMistakeInAContainerIsNamed(String container, String why) throws Refusal {
        var given = deployment(container == null ? "" : container);
        var stored = stored(Resource.DEPLOYMENT, given);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> kind(Resource.DEPLOYMENT).validate(Optional.empty(), stored))
                .withMessageStartingWith("Deployment.apps \"web\" is invalid: ")
                .withMessageContaining(why)
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(422);
                    assertThat(refused.details().list("causes")).isNotEmpty();
                });
    }

    @Test
    void aSelectorFitsItsTemplateAndStays() throws Refusal {
        var before = stored(Resource.DEPLOYMENT, deployment("{'name':'a','image':'i'}"));
        var labels = List.of("spec", "template", "metadata", "labels", "app");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        kind(Resource.DEPLOYMENT)
                                .validate(
                                        Optional.empty(), before.withAt(labels, Json.of("other"))))
                .withMessageContaining("`selector` does not match template `labels`");
        var moved =
                before.withAt(labels, Json.of("x"))
                        .withAt(List.of("spec", "selector", "matchLabels", "app"), Json.of("x"));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> kind(Resource.DEPLOYMENT).validate(Optional.of(before), moved))
                .withMessageContaining("spec.selector: Invalid value: ")
                .withMessageContaining("field is immutable");
    }

    @Test
    void aSecretsPlainTextIsKeptAsBase64() throws Refusal {
        var stored =
                stored(
                        Resource.SECRET,
                        object("{'metadata':{'name':'s'},'stringData':{'a':'hello'}}"));
        assertThat(stored.has("stringData")).isFalse();
        assertThat(stored.text("data", "a")).contains("aGVsbG8=");
        assertThat(stored.text("type")).contains("Opaque");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        stored(
                                Resource.SECRET,
                                object("{'metadata':{'name':'s'},'data':{'a':'?'}}")))
                .withMessageContaining("data.a: illegal base64 data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ConfigMap | {'metadata':{'name':'c'},'data':{'a/b':'x'}} | data[a/b]: Invalid value",
                "ConfigMap | {'metadata':{'name':'C'}} | metadata.name: Invalid value: \"C\": a lowercase RFC",
                "ConfigMap | {'metadata':{}} | metadata.name: Required value: name or generateName is required",
                "ConfigMap | {'metadata':{'name':'c','labels':{'a':'b c'}}} | metadata.labels: Invalid value:"
                        + " \"b c\": a valid label must be",
                "Service | {'metadata':{'name':'1s'},'spec':{'ports':[{'port':80}]}} | a DNS-1035 label must",
                "Service | {'metadata':{'name':'s'},'spec':{'ports':[{'port':80},{'port':81}]}}"
                        + " | spec.ports[0].name: Required value",
                "Service | {'metadata':{'name':'s'},'spec':{}} | spec.ports: Required value",
                "Secret | {'metadata':{'name':'s'},'type':'kubernetes.io/tls'} | data[tls.crt]: Required value",
                "PersistentVolumeClaim | {'metadata':{'name':'p'},'spec':{'accessModes':['ReadWriteOnce']}}"
                        + " | spec.resources[storage]: Required value"
            })
    void theSmallerKindsHaveRulesToo(String name, String given, String why) throws Refusal {
        var kind =
                SCHEMAS.kinds().stream()
                        .filter(k -> k.resource().kind().equals(name))
                        .findFirst()
                        .orElseThrow();
        var stored = stored(kind.resource(), object(given));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> kind.validate(Optional.empty(), stored))
                .withMessageContaining(why);
    }

    @Test
    void aConfigMapHoldsAtMostOneMebibyte() throws Refusal {
        var big =
                object("{'metadata':{'name':'c'}}")
                        .withAt(List.of("data", "a"), Json.of("x".repeat((1 << 20) + 1)));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> kind(Resource.CONFIG_MAP).validate(Optional.empty(), big))
                .withMessageContaining("Too long: may not be more than 1048576 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'size':'x'} | spec.size: Invalid value: \"string\": spec.size in body must be of type integer:"
                        + " \"string\"",
                "{'size':0} | spec.size in body should be greater than or equal to 1",
                "{'size':10} | spec.size in body should be less than or equal to 9",
                "{} | spec.size: Required value",
                "{'size':1,'mode':'c'} | spec.mode: Unsupported value: \"c\": supported values: \"a\", \"b\"",
                "{'size':1,'code':'A'} | spec.code in body should match '^[a-z]+$'",
                "{'size':1,'code':'abcd'} | spec.code: Too long: may not be more than 3 bytes",
                "{'size':1,'share':true} | spec.share in body must be of type integer,string",
                "{'size':1,'parts':[{'name':'a'},{'name':'a'}]} | spec.parts[1]: Duplicate value:"
                        + " {\"name\":\"a\"}",
                "{'size':1,'parts':[{'name':'a'},{'name':'b'},{'name':'c'}]} | spec.parts: Too many: 3: must have"
                        + " at most 2 items"
            })
    void aCustomKindIsJudgedByItsSchema(String spec, String why) throws Refusal {
        var given = object("{'metadata':{'name':'w'}}").with("spec", json(spec));
        var stored = stored(WIDGET.resource(), given);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> WIDGET.validate(Optional.empty(), stored))
                .withMessageStartingWith("Widget.example.dev \"w\" is invalid: ")
                .withMessageContaining(why);
    }

    @Test
    void aCustomKindIsPrunedAndDefaulted() throws Refusal {
        var given =
                object(
                        "{'metadata':{'name':'w'},'spec':{'size':1,'sizes':2,'mode':null,'free':{'x':[1]},'parts':[{'name':'a'}]}}");
        var decoded = WIDGET.decode(given, FieldValidation.WARN);
        assertThat(decoded.warnings())
                .containsExactly("unknown field \"spec.sizes\", did you mean \"size\"?");
        assertThat(WIDGET.defaulted(decoded.object()).object("spec"))
                .isEqualTo(
                        json(
                                "{'size':1,'mode':'a','free':{'x':[1]},'parts':[{'name':'a','count':1}]}"));
    }
}
