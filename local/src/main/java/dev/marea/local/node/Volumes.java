package dev.marea.local.node;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a pod's volumes: directories of the pod, or the place that a volume already is. */
final class Volumes {
    private static final String BLOCKED = "FailedMount";

    private final Objects objects;
    private final Path claims;
    private final Sources sources;

    Volumes(Objects objects, Path home, Downward downward) {
        this.objects = objects;
        this.claims = home.resolve("volumes");
        this.sources = new Sources(objects, downward);
    }

    /** Where each volume is; projected files are brought up to date. */
    Map<String, Path> prepare(PodSpec pod, PodDirectory directory) throws Blocked {
        var places = new HashMap<String, Path>();
        for (var volume : pod.pod().list("spec", "volumes")) {
            var name = volume.text("name").orElse("");
            var own = directory.volumes().resolve(checked("spec.volumes[].name", name));
            try {
                places.put(name, place(pod, volume, own));
            } catch (IOException failed) {
                throw new Blocked(BLOCKED, "volume " + name + ": " + failed);
            }
        }
        return places;
    }

    private Path place(PodSpec pod, Json volume, Path own) throws Blocked, IOException {
        if (volume.at("hostPath").isPresent()) {
            return hostPath(volume.object("hostPath"));
        }
        if (volume.at("persistentVolumeClaim").isPresent()) {
            return claim(pod, volume.text("persistentVolumeClaim", "claimName").orElse(""));
        }
        var files = sources.of(pod, volume);
        if (files.isPresent()) {
            Projection.write(own, files.get());
            return own;
        }
        if (volume.at("emptyDir").isPresent()
                || (volume instanceof Json.Obj(var fields) && fields.size() == 1)) {
            return Files.createDirectories(own);
        }
        throw new Blocked(
                BLOCKED,
                "volume "
                        + volume.text("name").orElse("")
                        + " is of a kind that this machine does not have; use emptyDir, configMap,"
                        + " secret, projected, downwardAPI, hostPath or persistentVolumeClaim");
    }

    /** The path itself, never a copy; {@code type} is checked as the kubelet does. */
    private static Path hostPath(Json.Obj volume) throws Blocked, IOException {
        var path = Path.of(volume.text("path").orElse(""));
        if (!path.isAbsolute()) {
            throw new Blocked(BLOCKED, "hostPath.path must be absolute, was \"" + path + "\"");
        }
        switch (volume.text("type").orElse("")) {
            case "DirectoryOrCreate" -> Files.createDirectories(path);
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            }
            case "Directory" -> require(Files.isDirectory(path), path, "a directory");
            case "File" -> require(Files.isRegularFile(path), path, "a file");
            default -> require(Files.exists(path), path, "there");
        }
        return path;
    }

    private static void require(boolean holds, Path path, String what) throws Blocked {
        if (!holds) {
            throw new Blocked(BLOCKED, "hostPath " + path + " is not " + what);
        }
    }

    private Path claim(PodSpec pod, String claim) throws Blocked, IOException {
        var namespace = pod.meta().namespace();
        if (objects.get(new Key(Resource.PVC, namespace, claim)).isEmpty()) {
            throw new Blocked(
                    BLOCKED,
                    "persistentvolumeclaim \"%s\" not found in namespace \"%s\""
                            .formatted(claim, namespace));
        }
        return Files.createDirectories(claimDirectory(namespace, claim));
    }

    Path claimDirectory(String namespace, String claim) {
        return claims.resolve(namespace).resolve(claim);
    }

    /** Where a container's mount paths really are. */
    MountTable mounts(ContainerSpec container, Map<String, Path> places) throws Blocked {
        var mounts = new ArrayList<MountTable.Mount>();
        for (var mount : container.json().list("volumeMounts")) {
            var name = mount.text("name").orElse("");
            var place = places.get(name);
            if (place == null) {
                throw Blocked.config(
                        "volumeMounts name a volume \"" + name + "\" that is not there");
            }
            var sub = mount.text("subPath").orElse("");
            var real = sub.isEmpty() ? place : place.resolve(checked("subPath", sub));
            mounts.add(new MountTable.Mount(mount.text("mountPath").orElse(""), made(place, real)));
        }
        try {
            mounts.addAll(GatheredMounts.of(mounts));
        } catch (IOException failed) {
            throw new Blocked(BLOCKED, "mounts side by side: " + failed);
        }
        return new MountTable(mounts);
    }

    /** A subPath that is not there becomes a directory, as with the kubelet. */
    private static Path made(Path place, Path real) throws Blocked {
        try {
            if (!real.equals(place) && !Files.exists(real)) {
                Files.createDirectories(real);
            }
            return real;
        } catch (IOException failed) {
            throw new Blocked(BLOCKED, "subPath " + real + ": " + failed);
        }
    }

    /** A relative path that stays where it is put. */
    static String checked(String field, String path) throws Blocked {
        if (path.isEmpty() || path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw Blocked.config(
                    field + " must be a relative path without \"..\", was \"" + path + "\"");
        }
        return path;
    }

    /**
     * True if one of its volumes may name this ConfigMap or Secret, so that its files change too.
     */
    static boolean watches(PodSpec pod, Key changed) {
        return pod.meta().namespace().equals(changed.namespace())
                && pod.pod().list("spec", "volumes").stream()
                        .anyMatch(volume -> volume.toString().contains('"' + changed.name() + '"'));
    }
}
