#pragma once

namespace impasto::cli {

/// Of main(), which calls this first.
void remember_arguments(char** argv);

/// Begins the program anew, once, with OpenMP threads that fall asleep after some 100 microseconds
/// of waiting. By default they spin for milliseconds, and when somebody else needs a processor, one
/// that spins where its neighbour should work makes both wait: a folder then took up to 40 times as
/// long. GNU's OpenMP can only be told by the environment, before main() begins. Does nothing where
/// the user has set GOMP_SPINCOUNT or OMP_WAIT_POLICY, or where the program cannot be started
/// again.
void restart_with_short_waits();

}  // namespace impasto::cli
