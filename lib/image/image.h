// File: lib/image/image.h
//
// A constant database in one file: named tables of keys and values, made once by
// lib/image/image_writer.h and mapped by all of httpd's processes, which share its memory. Use it
// for what is too much for each process to read for itself: maps and lists of 100,000 numbers.
//
//   const Result<Image> image = Image::open("/run/apache2/plivo-dial.image");
//   image->find("sales.called", "14155550199")        -> what was put in, or nothing
//   image->find_longest("deny.prefixes", "14155550199")->key    -> "1415"
//
// A look-up costs the same in a table of 100,000 keys as in one of 100: one hash, and on average
// less than two slots. Opening costs the same for all sizes: header and directory are checked,
// nothing else is read.
//
// Every read stays within the bytes, whatever they are: a file that is torn, foreign, of another
// version or made to do harm is refused, or keys are not found in it. One thing no check can
// prevent: a file that is cut short while it is mapped ends who reads it (SIGBUS). Image files are
// therefore never changed, only replaced by rename, which leaves the old one to those who have it
// open; and they belong where nobody writes but who makes them.
//
// An Image may be read from any number of threads; views into it are valid as long as it lives.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// The longest key that find_longest() looks for: E.164 has 15 digits.
inline constexpr std::size_t kMostPrefix = 15;

// Which image this is. Two of the same content have the same `content`, whenever they were made.
struct ImageStamp {
  std::int64_t made_us = 0;  // since 1970-01-01 UTC
  std::uint64_t content = 0;

  friend bool operator==(const ImageStamp&, const ImageStamp&) = default;
};

struct PrefixMatch {
  std::string_view key;  // the beginning of what was looked for
  std::string_view value;
};

// One table of an image, for who looks into it again and again; owns nothing.
class ImageTable {
 public:
  std::optional<std::string_view> find(std::string_view key) const;

  // The longest key of 1 to kMostPrefix bytes that `number` begins with. Only lengths that occur
  // are tried.
  std::optional<PrefixMatch> find_longest(std::string_view number) const;

  std::size_t size() const { return keys_; }

 private:
  friend class Image;
  std::optional<std::string_view> look_up(std::string_view key, std::uint64_t fnv) const;
  std::optional<std::string_view> value_at(std::size_t place, std::string_view key) const;

  std::string_view bytes_;  // the whole image
  const char* slots_ = nullptr;
  std::uint32_t slot_bits_ = 1;
  std::uint32_t keys_ = 0;
  std::uint32_t probes_ = 0;
  std::uint32_t lengths_ = 0;
};

class Image {
 public:
  // Maps the file. The error names the file, what is wrong with it, and the remedy.
  static Result<Image> open(const std::string& path);

  // The same over bytes in memory, which must outlive it and are not copied.
  static Result<Image> over(std::string_view bytes);

  ~Image();
  Image(Image&& other) noexcept;
  Image& operator=(Image&& other) noexcept;
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  const ImageStamp& stamp() const { return stamp_; }
  std::size_t size() const { return bytes_.size(); }
  std::vector<std::string_view> table_names() const;

  std::optional<ImageTable> table(std::string_view name) const;

  // As the table's; nothing, too, where there is no such table.
  std::optional<std::string_view> find(std::string_view table, std::string_view key) const;
  std::optional<PrefixMatch> find_longest(std::string_view table, std::string_view number) const;

  // Checks all bytes against stamp().content, which takes a few milliseconds for each megabyte. For
  // who has made the image, and for people; not for requests.
  Result<void> verify() const;

 private:
  Image(std::string_view bytes, bool mapped);

  std::string_view bytes_;
  bool mapped_ = false;
  std::uint32_t tables_ = 0;
  ImageStamp stamp_;
};

}  // namespace plivo_dial
