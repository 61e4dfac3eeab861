#pragma once

#include <string>

#include "base/input_file.h"
#include "image/read_here.h"
#include "impasto/image.h"

namespace impasto::apart {

// Decoding in processes of their own. decode_apart() forks a nursery, which does nothing but fork a
// worker whenever all others are busy or one has died. A worker gets open files, one after another,
// and sends what is in them, pixels in pieces as they are decoded: neither side ever has a picture
// twice. It can only read what it is given, and what comes from it is checked: it may have been
// taken over by what it read.

/// Whether decode_apart() was called.
bool is_running();

// What the functions of read_here.h do. Error{input} also when the worker dies of the file.
PictureHeader read_header(const InputFile&, const ReadOptions&);
PictureFacts read_image(const InputFile&, const ReadOptions&, Image& image);
std::string read_recipe(const InputFile&);

}  // namespace impasto::apart
