#include "image/embedded_profile.h"

#include <lcms2.h>

#include <type_traits>

namespace impasto {

namespace {

bool lacks_relative_table(cmsHPROFILE profile) {
  return !cmsIsTag(profile, cmsSigAToB1Tag) && !cmsIsTag(profile, cmsSigDToB1Tag) &&
         !cmsIsMatrixShaper(profile);
}

/// Empty when there is no table at all.
std::vector<uint8_t> with_relative_table(std::span<const uint8_t> icc) {
  const ProfileHandle profile = open_profile(icc);
  for (const cmsTagSignature other : {cmsSigAToB0Tag, cmsSigAToB2Tag}) {
    if (!cmsIsTag(profile.get(), other)) continue;
    cmsUInt32Number size = 0;
    if (!cmsLinkTag(profile.get(), cmsSigAToB1Tag, other) ||
        !cmsSaveProfileToMem(profile.get(), nullptr, &size)) {
      return {};
    }
    std::vector<uint8_t> bytes(size);
    return cmsSaveProfileToMem(profile.get(), bytes.data(), &size) ? bytes : std::vector<uint8_t>();
  }
  return {};
}

bool converts(std::span<const uint8_t> icc, int channels) {
  const ProfileHandle from = open_profile(icc), to(cmsCreate_sRGBProfile());
  if (!from || !to) return false;
  const std::unique_ptr<std::remove_pointer_t<cmsHTRANSFORM>, void (*)(cmsHTRANSFORM)> transform(
      cmsCreateTransform(from.get(),
                         CHANNELS_SH(static_cast<cmsUInt32Number>(channels)) | BYTES_SH(2),
                         to.get(), TYPE_RGB_16, INTENT_RELATIVE_COLORIMETRIC, 0),
      cmsDeleteTransform);
  return transform != nullptr;
}

}  // namespace

void CloseProfile::operator()(void* profile) const {
  cmsCloseProfile(profile);
}

ProfileHandle open_profile(std::span<const uint8_t> icc) {
  return ProfileHandle(cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size())));
}

EmbeddedProfile examine_profile(std::span<const uint8_t> icc, int channels) {
  const ProfileHandle profile = open_profile(icc);
  if (!profile) return {{}, "is broken"};
  const auto found = static_cast<int>(cmsChannelsOf(cmsGetColorSpace(profile.get())));
  if (found != channels) {
    return {{},
            "is for " + std::to_string(found) + " channels of colour, not for " +
                std::to_string(channels)};
  }
  EmbeddedProfile result;
  if (lacks_relative_table(profile.get())) result.mended = with_relative_table(icc);
  if (!converts(result.mended.empty() ? icc : result.mended, channels)) return {{}, "is broken"};
  return result;
}

}  // namespace impasto
