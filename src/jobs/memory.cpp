#include "jobs/memory.h"

#include <algorithm>
#include <string>

#include "backend/machine.h"
#include "base/memory.h"
#include "image/size.h"
#include "impasto/error.h"

namespace impasto {

Budget budget_of(const Session& session, size_t reserved) {
  constexpr size_t program = size_t{60} << 20;  // measured
  Budget budget;
  budget.process = program + compilers_bytes();
  const uint64_t most = session.options().max_memory;
  if (most > 0) budget.most = most - std::min<uint64_t>(most - 1, reserved);
  return budget;
}

size_t limit_of(const Budget& budget) {
  return budget.most > 0 ? budget.most : available_memory() + resident_memory();
}

size_t memory_for(const Budget& budget) {
  return budget.most > 0 ? budget.most - std::min<uint64_t>(budget.most, budget.process)
                         : available_memory();
}

size_t checked_bytes(const Engine& engine, const Size& size, const Budget& budget,
                     const PlannedStyles& styles, const StylizeOptions& o) {
  const size_t most = memory_for(budget);
  return checked_bytes(size, budget,
                       [&](const Size& s) { return plan_scale(engine, s, styles, o, most).bytes; });
}

size_t checked_bytes(const Size& size, const Budget& budget,
                     const std::function<size_t(const Size&)>& bytes_for) {
  const uint64_t most = memory_for(budget);
  const size_t bytes = bytes_for(size);
  if (bytes <= most) return bytes;
  const int longer = std::max(size.width, size.height);
  int fits = 0;
  size_t least = bytes;
  for (double factor = 0.9; fits == 0 && longer * factor >= 1; factor *= 0.9) {
    const Size smaller{std::max(1, static_cast<int>(size.width * factor)),
                       std::max(1, static_cast<int>(size.height * factor))};
    least = bytes_for(smaller);
    if (least <= most) fits = static_cast<int>(longer * factor);
  }
  const std::string painting = "painting " + text_of(size) + " needs ";
  const std::string would_fit = "`size` " + std::to_string(fits) + " would fit";
  if (budget.most == 0) {
    throw Error(ErrorCode::memory, painting + text_of_mebibytes(bytes) + " MiB, " +
                                       text_of_mebibytes(most) + " MiB are free; " +
                                       (fits > 0 ? would_fit : "that is not enough for any size"));
  }
  throw Error(ErrorCode::memory,
              painting + "`max-memory` " + text_of_mebibytes(bytes + budget.process) + "M, found " +
                  text_of_bytes(budget.most) + "; " +
                  (fits > 0 ? would_fit
                            : "the smallest pictures need " +
                                  text_of_mebibytes(least + budget.process) + "M"));
}

}  // namespace impasto
