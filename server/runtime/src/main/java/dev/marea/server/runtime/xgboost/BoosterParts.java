package dev.marea.server.runtime.xgboost;

import java.util.List;
import java.util.Map;

/**
 * What a booster's file says, whichever of its formats it has; nothing of it is checked yet.
 *
 * @param columns of a row
 * @param outputs margins of a row: classes, targets, or one
 * @param intercepts base_score as it was saved: one for all outputs, or one each
 * @param attributes free text of the user and of the training, such as best_iteration
 * @param names the columns' names; empty where the booster knows none
 * @param types the columns' types by XGBoost's letters (c: a category); empty as the names
 * @param categories for each column what its categories were called; empty where none were
 */
record BoosterParts(
        Version version,
        String objective,
        int columns,
        int outputs,
        float[] intercepts,
        Map<String, String> attributes,
        List<String> names,
        List<String> types,
        List<Categories> categories,
        Body body) {

    private static final Body GIVEN_AWAY = new LinearBody(new float[0]);

    /** The same without its trees, which take memory and were laid out anew. */
    BoosterParts withoutBody() {
        return new BoosterParts(
                version,
                objective,
                columns,
                outputs,
                intercepts,
                attributes,
                names,
                types,
                categories,
                GIVEN_AWAY);
    }

    /** The version that saved it. */
    record Version(int major, int minor) {
        boolean before(int otherMajor, int otherMinor) {
            return major < otherMajor || (major == otherMajor && minor < otherMinor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    sealed interface Body {}

    /**
     * @param groups which output a tree adds to
     * @param weights what a tree's answer is multiplied with (dart); empty: by one
     * @param rounds how many trees there are after each round, beginning with 0
     */
    record TreeBody(List<TreeParts> trees, int[] groups, float[] weights, int[] rounds)
            implements Body {}

    /** For each column a weight for each output, then a bias for each output. */
    record LinearBody(float[] weights) implements Body {}
}
