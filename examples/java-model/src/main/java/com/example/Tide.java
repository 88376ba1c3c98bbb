package com.example;

import dev.marea.server.Model;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The height of the tide at an hour, from the constituents in a file beside the jar. */
public final class Tide implements Model {
    private record Constituent(String name, double amplitude, double degreesPerHour, double phase) {
        double at(double hour) {
            return amplitude * Math.cos(Math.toRadians(degreesPerHour * hour - phase));
        }
    }

    private List<Constituent> constituents = List.of();

    @Override
    public void load(Path directory) throws Exception {
        var read = new ArrayList<Constituent>();
        for (var line : Files.readAllLines(directory.resolve("constituents.csv"))) {
            if (!line.startsWith("#")) {
                var parts = line.split(",");
                read.add(
                        new Constituent(
                                parts[0],
                                Double.parseDouble(parts[1]),
                                Double.parseDouble(parts[2]),
                                Double.parseDouble(parts[3])));
            }
        }
        constituents = List.copyOf(read);
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(TensorSpec.of("hours", Datatype.FP64, -1));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(TensorSpec.of("height", Datatype.FP64, -1));
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs) throws BadInput {
        var hours = hours(inputs);
        var heights = new double[hours.length];
        for (int i = 0; i < hours.length; i++) {
            for (var constituent : constituents) {
                heights[i] += constituent.at(hours[i]);
            }
        }
        return List.of(Tensor.of("height", new int[] {heights.length}, heights));
    }

    @Override
    public boolean streams() {
        return true;
    }

    /** One part an hour. */
    @Override
    public void stream(List<Tensor> inputs, Consumer<List<Tensor>> part) throws BadInput {
        for (double hour : hours(inputs)) {
            part.accept(predict(List.of(Tensor.of("hours", new int[] {1}, hour))));
        }
    }

    @Override
    public boolean explains() {
        return true;
    }

    /** How much each constituent adds. */
    @Override
    public List<Tensor> explain(List<Tensor> inputs) throws BadInput {
        var hours = hours(inputs);
        var shares = new double[hours.length * constituents.size()];
        int at = 0;
        for (double hour : hours) {
            for (var constituent : constituents) {
                shares[at++] = constituent.at(hour);
            }
        }
        return List.of(
                Tensor.of("shares", new int[] {hours.length, constituents.size()}, shares));
    }

    private static double[] hours(List<Tensor> inputs) throws BadInput {
        if (inputs.size() == 1
                && inputs.getFirst().rank() == 1
                && inputs.getFirst().elements() instanceof Elements.Doubles(var hours)) {
            return hours;
        }
        throw new BadInput("hours", "must be one list of FP64 numbers");
    }
}
