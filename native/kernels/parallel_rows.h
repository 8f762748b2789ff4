// Splits the rows of a picture among the cores.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

namespace autofocus {

// More would only wait for memory.
constexpr int kMostThreads = 4;
// Rows that are worth a thread of their own.
constexpr int kRowsPerThread = 64;

// Calls work(first, last) for bands of rows that together are 0..height, each from its own thread; the last from this
// one. What `work` throws is lost in other threads, so it must not throw but for lack of memory, which ends the process.
template <typename Work>
void parallel_rows(int height, Work work) {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int bands = std::clamp(height / kRowsPerThread, 1, std::min(cores, kMostThreads));
  std::vector<std::thread> threads;
  const auto edge = [&](int band) { return static_cast<int>(static_cast<long long>(height) * band / bands); };
  for (int band = 0; band + 1 < bands; ++band) threads.emplace_back(work, edge(band), edge(band + 1));
  work(edge(bands - 1), height);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace autofocus
