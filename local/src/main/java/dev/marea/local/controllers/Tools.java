package dev.marea.local.controllers;

import dev.marea.local.objects.Objects;
import dev.marea.local.work.Edit;
import dev.marea.local.work.Events;
import dev.marea.local.work.Time;

/** What every controller works with. */
record Tools(Objects objects, Edit edit, Events events, Time time) {
    static final String MANAGER = "marea-controllers";

    static Tools of(Objects objects, Time time) {
        return new Tools(
                objects,
                new Edit(objects, MANAGER),
                new Events(objects, time, MANAGER, "marea"),
                time);
    }
}
