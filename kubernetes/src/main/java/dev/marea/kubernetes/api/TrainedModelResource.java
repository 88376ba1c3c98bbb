package dev.marea.kubernetes.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TrainedModel for informers: spec and status stay trees. */
@Group("serving.kserve.io")
@Version("v1alpha1")
@Kind("TrainedModel")
@Plural("trainedmodels")
public final class TrainedModelResource
        extends CustomResource<Map<String, Object>, Map<String, Object>> implements Namespaced {
    private static final long serialVersionUID = 1;

    @Override
    protected @Nullable Map<String, Object> initSpec() {
        return null;
    }

    @Override
    protected @Nullable Map<String, Object> initStatus() {
        return null;
    }
}
