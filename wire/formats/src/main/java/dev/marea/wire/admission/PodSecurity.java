package dev.marea.wire.admission;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a manifest asks for its pods beyond a profile of the Pod Security Standards. Only what is
 * said is judged: what is not said gets Marea's defaults, and the namespace's own profile judges
 * the pod once more.
 */
public final class PodSecurity {
    private static final Set<String> VOLUMES =
            Set.of(
                    "configMap",
                    "csi",
                    "downwardAPI",
                    "emptyDir",
                    "ephemeral",
                    "image",
                    "persistentVolumeClaim",
                    "projected",
                    "secret");

    private static final Set<String> SYSCTLS =
            Set.of(
                    "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.ip_unprivileged_port_start",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes",
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_rmem",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.tcp_wmem");

    private static final String NET_BIND_SERVICE = "NET_BIND_SERVICE";
    private static final Set<String> CAPABILITIES =
            Set.of(
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    NET_BIND_SERVICE,
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT");

    private static final Set<String> SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private final PodProfile profile;
    private final List<FieldError> errors = new ArrayList<>();

    private PodSecurity(PodProfile profile) {
        this.profile = profile;
    }

    public static List<FieldError> check(Json.Obj object, PodProfile profile) {
        if (profile == PodProfile.PRIVILEGED) {
            return List.of();
        }
        var security = new PodSecurity(profile);
        var parts = PodParts.of(object);
        security.checkAnnotations("metadata.annotations", object.object("metadata", "annotations"));
        parts.pods().forEach(pod -> security.checkPod(pod.path(), pod.tree()));
        parts.containers().forEach(c -> security.checkContainer(c.path(), c.tree()));
        return List.copyOf(security.errors);
    }

    private void checkPod(String path, Json.Obj pod) {
        for (var field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (pod.flag(field)) {
                refuse(PodProfile.BASELINE, path + "." + field, "shares a namespace of the node");
            }
        }
        checkAnnotations(path + ".annotations", pod.object("annotations"));
        checkContext(path + ".securityContext", pod.object("securityContext"));
        var volumes = pod.list("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            if (volumes.get(i) instanceof Json.Obj volume) {
                checkVolume("%s.volumes[%d]".formatted(path, i), volume);
            }
        }
    }

    private void checkVolume(String path, Json.Obj volume) {
        for (var type : volume.fields().keySet()) {
            if (type.equals("hostPath")) {
                refuse(PodProfile.BASELINE, path + ".hostPath", "opens the files of the node");
            } else if (!type.equals("name") && !VOLUMES.contains(type)) {
                refuse(
                        PodProfile.RESTRICTED,
                        path + "." + type,
                        "is none of the volumes that need no trust; put it behind a persistentVolumeClaim");
            }
        }
    }

    private void checkContainer(String path, Json.Obj container) {
        checkContext(path + ".securityContext", container.object("securityContext"));
        var ports = container.list("ports");
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).integer("hostPort").orElse(0) != 0) {
                refuse(
                        PodProfile.BASELINE,
                        "%s.ports[%d].hostPort".formatted(path, i),
                        "opens a port of the node");
            }
        }
        for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            checkHosts(path + "." + probe, container.object(probe));
        }
        for (var hook : List.of("postStart", "preStop")) {
            checkHosts(path + ".lifecycle." + hook, container.object("lifecycle", hook));
        }
    }

    /** The kubelet would ask any host in the node's name. */
    private void checkHosts(String path, Json.Obj handler) {
        for (var way : List.of("httpGet", "tcpSocket")) {
            if (handler.text(way, "host").filter(host -> !host.isEmpty()).isPresent()) {
                refuse(
                        PodProfile.BASELINE,
                        path + "." + way + ".host",
                        "makes the node ask another host");
            }
        }
    }

    private void checkContext(String path, Json.Obj context) {
        checkIdentity(path, context);
        checkCapabilities(path + ".capabilities", context);
        checkKernel(path, context);
        var sysctls = context.list("sysctls");
        for (int i = 0; i < sysctls.size(); i++) {
            var name = sysctls.get(i).text("name").orElse("");
            if (!SYSCTLS.contains(name)) {
                refuse(
                        PodProfile.BASELINE,
                        "%s.sysctls[%d].name".formatted(path, i),
                        "\"" + name + "\" concerns more than the pod");
            }
        }
    }

    private void checkIdentity(String path, Json.Obj context) {
        if (context.flag("privileged")) {
            refuse(PodProfile.BASELINE, path + ".privileged", "is the node's administrator");
        }
        if (context.flag("windowsOptions", "hostProcess")) {
            refuse(
                    PodProfile.BASELINE,
                    path + ".windowsOptions.hostProcess",
                    "is a process of the node");
        }
        if (context.flag("allowPrivilegeEscalation")) {
            refuse(
                    PodProfile.RESTRICTED,
                    path + ".allowPrivilegeEscalation",
                    "lets a process gain rights");
        }
        if (context.integer("runAsUser").orElse(1) == 0) {
            refuse(PodProfile.RESTRICTED, path + ".runAsUser", "is root; give another number");
        }
        if (context.at("runAsNonRoot").filter(new Json.Bool(false)::equals).isPresent()) {
            refuse(PodProfile.RESTRICTED, path + ".runAsNonRoot", "allows root; say true");
        }
    }

    private void checkCapabilities(String path, Json.Obj context) {
        var added = context.list("capabilities", "add");
        for (int i = 0; i < added.size(); i++) {
            var name = added.get(i) instanceof Json.Str(var text) ? text : added.get(i).toString();
            var field = "%s.add[%d]".formatted(path, i);
            if (!CAPABILITIES.contains(name)) {
                refuse(PodProfile.BASELINE, field, name + " reaches beyond the container");
            } else if (!name.equals(NET_BIND_SERVICE)) {
                refuse(
                        PodProfile.RESTRICTED,
                        field,
                        name + " is not needed to serve; NET_BIND_SERVICE alone may be added");
            }
        }
    }

    private void checkKernel(String path, Json.Obj context) {
        if (context.text("seccompProfile", "type").filter("Unconfined"::equals).isPresent()) {
            refuse(
                    PodProfile.BASELINE,
                    path + ".seccompProfile.type",
                    "opens every call of the kernel; say RuntimeDefault");
        }
        if (context.text("appArmorProfile", "type").filter("Unconfined"::equals).isPresent()) {
            refuse(
                    PodProfile.BASELINE,
                    path + ".appArmorProfile.type",
                    "switches AppArmor off; say RuntimeDefault");
        }
        if (context.text("procMount").filter(m -> !m.equals("Default")).isPresent()) {
            refuse(PodProfile.BASELINE, path + ".procMount", "shows the node's /proc");
        }
        var selinux = context.object("seLinuxOptions");
        boolean odd =
                !SELINUX_TYPES.contains(selinux.text("type").orElse(""))
                        || !selinux.text("user").orElse("").isEmpty()
                        || !selinux.text("role").orElse("").isEmpty();
        if (odd) {
            refuse(
                    PodProfile.BASELINE,
                    path + ".seLinuxOptions",
                    "leaves the types that containers have");
        }
    }

    private void checkAnnotations(String path, Json.Obj annotations) {
        annotations
                .fields()
                .forEach((name, value) -> {
                    if (name.startsWith(APP_ARMOR)
                            && value instanceof Json.Str(var profileName)
                            && profileName.equals("unconfined")) {
                        refuse(
                                PodProfile.BASELINE,
                                path + "[" + name + "]",
                                "switches AppArmor off");
                    }
                });
    }

    /**
     * @param breaks the first profile that a pod with this field does not fit
     */
    private void refuse(PodProfile breaks, String field, String why) {
        if (breaks.compareTo(profile) > 0) {
            return;
        }
        var way = breaks == PodProfile.RESTRICTED ? PodProfile.BASELINE : PodProfile.PRIVILEGED;
        errors.add(
                new FieldError(
                        field,
                        "FieldValueForbidden",
                        why
                                + "; an administrator allows it with the label %s=%s on the namespace"
                                        .formatted(PodProfile.LABEL, way.wireName())));
    }
}
