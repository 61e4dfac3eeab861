// Loaded before libwebp: WebP files decode as always, but for those that ask for trouble.

#include <dlfcn.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

struct Data {  // libwebp's WebPData
  const char* bytes;
  size_t size;
};

}  // namespace

extern "C" void* WebPDemuxInternal(const Data* data, int partial, void* state, int version) {
  const std::string_view file(data->bytes, data->size);
  const auto asks_to = [&](std::string_view what) { return file.ends_with(what); };
  if (asks_to("crash!")) std::abort();
  volatile bool ever = true;
  while (asks_to("hang!!") && ever) continue;
  while (asks_to("sleep!")) pause();
  using Function = void*(const Data*, int, void*, int);
  static auto* const real = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, "WebPDemuxInternal"));
  return real(data, partial, state, version);
}
