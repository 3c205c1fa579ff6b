/** Heddle's dashboard, its figures as a real Prometheus has them, and a picture of it. */
@NullMarked
package dev.heddle.bench.dashboard;

import org.jspecify.annotations.NullMarked;
