package dev.marea.local.node;

import dev.marea.local.objects.Objects;
import dev.marea.local.work.Edit;
import dev.marea.local.work.Events;
import dev.marea.local.work.Time;

/** What every pod of this machine is run with. */
record Machine(
        NodeSettings settings,
        Objects objects,
        Edit edit,
        Images images,
        Steps steps,
        Time time,
        Events events,
        Volumes volumes,
        Environment environment,
        Children children,
        MemoryRoom memory,
        Ports ports,
        Groups groups,
        LogFiles logs) {}
