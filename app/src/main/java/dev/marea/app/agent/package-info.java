/** The agent beside a server of many models: it makes true what the list of models says. */
@NullMarked
package dev.marea.app.agent;

import org.jspecify.annotations.NullMarked;
