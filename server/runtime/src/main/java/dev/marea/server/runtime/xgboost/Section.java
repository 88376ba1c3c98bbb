package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.Value.Group;
import dev.marea.server.runtime.xgboost.Value.Items;
import dev.marea.server.runtime.xgboost.Value.Nothing;
import dev.marea.server.runtime.xgboost.Value.Numbers;
import dev.marea.server.runtime.xgboost.Value.Scalar;
import dev.marea.server.runtime.xgboost.Value.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A place in a model document, by its path; what is missing or of another kind is named by it. */
record Section(Path file, String path, Value value) {
    private static final Numbers NO_NUMBERS = new Value.Wholes(new int[0]);

    LoadFailure failure(String reason) {
        return new LoadFailure(file, path + " " + reason, "save the model again");
    }

    private LoadFailure wrong(String expected) {
        return failure("must be " + expected + ", is " + value.kind());
    }

    Section at(String name) throws LoadFailure {
        return maybe(name).orElseThrow(() -> failure("has no '" + name + "'"));
    }

    /** Empty where it is missing or null. */
    Optional<Section> maybe(String name) throws LoadFailure {
        if (!(value instanceof Group(var members))) {
            throw wrong("a group");
        }
        var member = members.get(name);
        return member == null || member == Nothing.NULL
                ? Optional.empty()
                : Optional.of(new Section(file, child(name), member));
    }

    private String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    List<Section> items() throws LoadFailure {
        if (!(value instanceof Items(var items))) {
            throw wrong("a list");
        }
        var sections = new ArrayList<Section>(items.size());
        for (int i = 0; i < items.size(); i++) {
            sections.add(new Section(file, path + "[" + i + "]", items.get(i)));
        }
        return sections;
    }

    Numbers numbers() throws LoadFailure {
        return switch (value) {
            case Numbers numbers -> numbers;
            case Items(var items) when items.isEmpty() -> NO_NUMBERS;
            case Group _, Items _, Text _, Scalar _, Nothing _ -> throw wrong("a list of numbers");
        };
    }

    Numbers numbers(int count) throws LoadFailure {
        var numbers = numbers();
        if (numbers.count() != count) {
            throw failure("must hold %d numbers, holds %d".formatted(count, numbers.count()));
        }
        return numbers;
    }

    float[] reals(int count) throws LoadFailure {
        return reals(numbers(count));
    }

    float[] reals() throws LoadFailure {
        return reals(numbers());
    }

    private static float[] reals(Numbers numbers) {
        var reals = new float[numbers.count()];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = numbers.real(i);
        }
        return reals;
    }

    int[] wholes(int count) throws LoadFailure {
        return wholes(numbers(count));
    }

    int[] wholes() throws LoadFailure {
        return wholes(numbers());
    }

    private int[] wholes(Numbers numbers) throws LoadFailure {
        var wholes = new int[numbers.count()];
        for (int i = 0; i < wholes.length; i++) {
            long whole = numbers.whole(i);
            if (whole != (int) whole) {
                throw failure("holds " + whole + ", which is no 32-bit number");
            }
            wholes[i] = (int) whole;
        }
        return wholes;
    }

    String text() throws LoadFailure {
        if (value instanceof Text(var text)) {
            return text;
        }
        throw wrong("a text");
    }

    List<String> texts() throws LoadFailure {
        var texts = new ArrayList<String>();
        for (var item : items()) {
            texts.add(item.text());
        }
        return texts;
    }

    /** A size or count, as a number or, as XGBoost writes parameters, as a text. */
    int size() throws LoadFailure {
        double number =
                switch (value) {
                    case Scalar(var scalar) -> scalar;
                    case Text(var text) -> parsed(text);
                    case Group _, Items _, Numbers _, Nothing _ -> throw wrong("a size");
                };
        if (number < 0 || number > Integer.MAX_VALUE || number != Math.rint(number)) {
            throw wrong("a size");
        }
        return (int) number;
    }

    /** The size of this name, or another where it is missing. */
    int size(String name, int otherwise) throws LoadFailure {
        var section = maybe(name);
        return section.isPresent() ? section.get().size() : otherwise;
    }

    double parsed(String number) throws LoadFailure {
        try {
            return Double.parseDouble(number.strip());
        } catch (NumberFormatException noNumber) {
            throw wrong("a number");
        }
    }
}
