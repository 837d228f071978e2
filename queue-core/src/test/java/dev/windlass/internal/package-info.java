/** Tests of the storage protocol's parts; its interplay is tested in the module simulation. */
@NullMarked
package dev.windlass.internal;

import org.jspecify.annotations.NullMarked;
