/** {@code hf://owner/model[:revision]} of the Hugging Face Hub and servers like it. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.hub;
