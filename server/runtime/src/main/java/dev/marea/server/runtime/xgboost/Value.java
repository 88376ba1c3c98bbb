package dev.marea.server.runtime.xgboost;

import java.util.List;
import java.util.Map;

/** A value of a model document, whether it was written as JSON or as UBJSON. */
sealed interface Value {
    /** What this is, for a message. */
    String kind();

    record Group(Map<String, Value> members) implements Value {
        @Override
        public String kind() {
            return "a group of " + members.size();
        }
    }

    /** A list that holds anything but numbers; an empty list is one of these. */
    record Items(List<Value> items) implements Value {
        static final Items NONE = new Items(List.of());

        @Override
        public String kind() {
            return "a list of " + items.size();
        }
    }

    record Text(String text) implements Value {
        @Override
        public String kind() {
            return text.length() <= 40 ? "'" + text + "'" : "a text of " + text.length();
        }
    }

    record Scalar(double number) implements Value {
        @Override
        public String kind() {
            return "the number " + number;
        }
    }

    enum Nothing implements Value {
        NULL;

        @Override
        public String kind() {
            return "null";
        }
    }

    /** A list of numbers in the array that holds them; true and false are 1 and 0. */
    sealed interface Numbers extends Value permits Wholes, Reals, TypedNumbers {
        int count();

        float real(int index);

        /** A whole number; a fraction loses it. */
        long whole(int index);

        @Override
        default String kind() {
            return "a list of " + count() + " numbers";
        }
    }

    record Wholes(int[] values) implements Numbers {
        @Override
        public int count() {
            return values.length;
        }

        @Override
        public float real(int index) {
            return values[index];
        }

        @Override
        public long whole(int index) {
            return values[index];
        }
    }

    record Reals(float[] values) implements Numbers {
        @Override
        public int count() {
            return values.length;
        }

        @Override
        public float real(int index) {
            return values[index];
        }

        @Override
        public long whole(int index) {
            return (long) values[index];
        }
    }
}
