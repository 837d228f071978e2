@NullMarked
package dev.windlass.doctor;

import org.jspecify.annotations.NullMarked;
