#include "image/xmp.h"

#include <cstdint>
#include <cstdlib>

namespace impasto::xmp {

namespace {

constexpr std::string_view property = "impasto:Recipe";
/// A packet that says the same more often is no camera's, and not worth the time.
constexpr int most_repeats = 64;
constexpr std::string_view name_space = "xmlns:impasto=\"urn:impasto:recipe:1#\"";

/// Where a simple property stands in a packet: as an element or as an attribute.
struct Place {
  size_t begin = 0, end = 0;              ///< all of it
  size_t value_begin = 0, value_end = 0;  ///< its text, still escaped
};

/// In time linear in the packet: a closing tag or quote that is missing once is missing from then
/// on.
bool find(std::string_view packet, std::string_view name, size_t from, Place& place) {
  const std::string close = "</" + std::string(name) + ">";
  bool open_element = false, open_single = false, open_double = false;
  for (size_t at = packet.find(name, from); at != packet.npos; at = packet.find(name, at + 1)) {
    const size_t after = at + name.size();
    if (at == 0 || after + 1 >= packet.size()) continue;
    if (packet[at - 1] == '<' && packet[after] == '>') {
      const size_t end = open_element ? packet.npos : packet.find(close, after);
      open_element = end == packet.npos;
      if (open_element) continue;
      place = {at - 1, end + close.size(), after + 1, end};
      return true;
    }
    const char quote = packet[after + 1];
    if (packet[after] == '=' && (quote == '"' || quote == '\'')) {
      bool& open = quote == '"' ? open_double : open_single;
      const size_t end = open ? packet.npos : packet.find(quote, after + 2);
      open = end == packet.npos;
      if (open) continue;
      place = {at, end + 1, after + 2, end};
      return true;
    }
  }
  return false;
}

std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (static_cast<unsigned char>(c) < ' ') {  // XML would fold line ends
      result += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      result += c;
    }
  }
  return result;
}

void append_utf8(std::string& text, uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  const int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t length_mark = extra == 1 ? 0xc0 : extra == 2 ? 0xe0 : 0xf0;
  text += static_cast<char>(length_mark | code >> (6 * extra));
  for (int i = extra - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3f));
}

std::string unescape(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '&' ? text.find(';', i) : text.npos;
    if (end == text.npos || end - i > 10) {
      result += text[i];
      continue;
    }
    const std::string entity(text.substr(i + 1, end - i - 1));
    if (entity == "amp") result += '&';
    if (entity == "lt") result += '<';
    if (entity == "gt") result += '>';
    if (entity == "quot") result += '"';
    if (entity == "apos") result += '\'';
    if (entity.starts_with('#')) {
      const bool hexadecimal = entity.starts_with("#x");
      const unsigned long code =
          std::strtoul(entity.c_str() + (hexadecimal ? 2 : 1), nullptr, hexadecimal ? 16 : 10);
      if (code < 0x110000) append_utf8(result, static_cast<uint32_t>(code));
    }
    i = end;
  }
  return result;
}

/// All descriptions of a packet must name the same subject, or Adobe's readers reject it.
std::string subject_of(std::string_view packet) {
  Place place;
  if (!find(packet, "rdf:about", 0, place)) return "";
  const auto subject = packet.substr(place.value_begin, place.value_end - place.value_begin);
  return subject.find('"') == subject.npos ? std::string(subject) : "";
}

}  // namespace

std::string with_recipe(std::string packet, std::string_view recipe) {
  int repeats = 0;
  for (Place place; find(packet, property, 0, place);) {
    packet.erase(place.begin, place.end - place.begin);
    if (++repeats == most_repeats) packet.clear();
  }
  if (recipe.empty()) return packet;
  const auto description = [&](const std::string& subject) {
    return "<rdf:Description rdf:about=\"" + subject + "\" " + std::string(name_space) + "><" +
           std::string(property) + ">" + escape(recipe) + "</" + std::string(property) +
           "></rdf:Description>\n";
  };
  if (const size_t end = packet.rfind("</rdf:RDF>"); end != packet.npos) {
    packet.insert(end, description(subject_of(packet)));
    if (recipe_in(packet) == recipe) return packet;  // a tag that was never closed may swallow it
  }
  return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
         "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
         description("") + "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

std::string recipe_in(std::string_view packet) {
  Place place;
  if (!find(packet, property, 0, place)) return "";
  return unescape(packet.substr(place.value_begin, place.value_end - place.value_begin));
}

std::string upright(std::string packet) {
  Place place;
  int repeats = 0;
  for (size_t from = 0; find(packet, "tiff:Orientation", from, place);) {
    if (++repeats == most_repeats) return "";
    packet.replace(place.value_begin, place.value_end - place.value_begin, 1, '1');
    from = place.value_begin + 1;
  }
  return packet;
}

}  // namespace impasto::xmp
