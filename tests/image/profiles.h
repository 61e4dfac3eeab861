#pragma once

#include <lcms2.h>

#include <string>

namespace impasto::test {

/// Its bytes; the profile is closed.
inline std::string saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

}  // namespace impasto::test
