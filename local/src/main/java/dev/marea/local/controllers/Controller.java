package dev.marea.local.controllers;

/** Makes one kind of thing true, and keeps it so. */
interface Controller extends AutoCloseable {
    void start();

    @Override
    void close();
}
