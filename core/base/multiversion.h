#pragma once

// Marks a hot kernel to be compiled twice, for x86-64-v3 (AVX2, FMA) and for the baseline; the loader picks one at
// start. Functions inlined into it are compiled with it. Not for templates or static functions. Off under
// sanitizers, whose runtime is not yet up when the loader resolves.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(ANNOTOMY_SANITIZED)
#define ANNOTOMY_MULTIVERSION __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define ANNOTOMY_MULTIVERSION
#endif
