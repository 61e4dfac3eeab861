#pragma once

// IMPASTO_VECTORISED compiles a function for several processors and chooses when the program
// starts. Sanitizers and other compilers than GCC get the plain version. What it calls must be
// IMPASTO_INLINE to be compiled with it.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define IMPASTO_VECTORISED \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define IMPASTO_VECTORISED
#endif
#define IMPASTO_INLINE inline __attribute__((always_inline))
