// SPDX-License-Identifier: Apache-2.0
#include "lib/status/status_file.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <utility>

#include "lib/base/system_file.h"
#include "lib/status/refused_events.h"

namespace plivo_dial {
namespace {

constexpr mode_t kMode = 0644;

// The bytes of a file of at most kMost bytes; "" for another, and what is no regular file has none.
std::string whole_file(int descriptor) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 20;
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return "";
  if (static_cast<std::uint64_t>(status.st_size) > kMost) return "";
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t got = pread(descriptor, bytes.data(), bytes.size(), 0);
  return std::cmp_equal(got, bytes.size()) ? bytes : "";
}

// The head of a file that says of itself what it is; nothing for another, or one of another size.
std::optional<StatusHead> head_of(const std::string& bytes) {
  StatusHead head{};
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic != status_head().magic || head.size != bytes.size()) return std::nullopt;
  return head;
}

// The bytes of a section that lies whole in the file; "" without it.
std::string_view section_of(const std::string& bytes, const StatusHead& head, StatusSection id,
                            StatusSectionPlace* place) {
  for (const StatusSectionPlace& section : head.sections) {
    if (section.id != id) continue;
    const std::uint64_t length = std::uint64_t{section.entry_size} * section.entries;
    if (section.offset + length > bytes.size()) return {};
    *place = section;
    return std::string_view(bytes).substr(section.offset, length);
  }
  return {};
}

// An entry of a section, over zeros: what the file does not have stays. False without it.
template <class Entry>
bool read_entry(std::string_view section, const StatusSectionPlace& place, std::uint32_t index,
                Entry* entry) {
  if (index >= place.entries || place.entry_size == 0) return false;
  const std::string_view bytes = section.substr(std::size_t{index} * place.entry_size);
  std::memcpy(static_cast<void*>(entry), bytes.data(),
              std::min<std::size_t>(sizeof *entry, place.entry_size));
  return true;
}

std::string text_of(const std::array<char, 1024>& text) {
  return {text.data(), strnlen(text.data(), text.size())};
}

// Nothing for a file of another version.
std::optional<std::string> spool_of(const std::string& bytes) {
  const std::optional<StatusHead> head = head_of(bytes);
  if (!head || head->version != kStatusVersion) return std::nullopt;
  StatusSectionPlace place{};
  const std::string_view section = section_of(bytes, *head, StatusSection::kServer, &place);
  StatusServer server{};
  return read_entry(section, place, 0, &server) ? text_of(server.spool) : "";
}

// What the sections of `old` and this layout have in common. Those that this one does not use have
// no bytes.
void take_over(const std::string& old, std::string* bytes) {
  const std::optional<StatusHead> old_head = head_of(old);
  for (const StatusSectionPlace& section : status_head().sections) {
    StatusSectionPlace place{};
    const std::string_view kept = section_of(old, *old_head, section.id, &place);
    if (place.entry_size != section.entry_size) continue;
    kept.copy(bytes->data() + section.offset, std::size_t{section.entry_size} * section.entries);
  }
}

// What a new file begins with.
std::string first_content(const std::string& old, std::string_view spool) {
  const StatusHead head = status_head();
  std::string bytes(sizeof(StatusFile), '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  if (spool_of(old) == spool) take_over(old, &bytes);
  char* const name = bytes.data() + offsetof(StatusFile, server) + offsetof(StatusServer, spool);
  std::memset(name, 0, sizeof StatusServer::spool);
  spool.copy(name, sizeof StatusServer::spool - 1);
  return bytes;
}

// Space is taken at once, so that a disk that gets full later takes what is written into it.
bool fill(int file, const std::string& path, std::string_view content) {
  const int reserved = posix_fallocate(file, 0, static_cast<off_t>(content.size()));
  if (reserved != 0) errno = reserved;
  return reserved == 0 && write_all(file, path, content) && fchmod(file, kMode) == 0;
}

StatusFile* share(const std::string& content) {
  void* const address =
      mmap(nullptr, sizeof(StatusFile), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return nullptr;
  std::memcpy(address, content.data(), content.size());
  return static_cast<StatusFile*>(address);
}

// Under another name first, so that nobody reads half of it, and the processes of before keep
// theirs. The descriptor.
Result<int> replace(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".new";
  unlink(temporary.c_str());
  const int file = open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                        S_IRUSR | S_IWUSR);
  if (file < 0) return system_error("cannot create", temporary);
  const bool filled = fill(file, temporary, content);
  if (filled && rename(temporary.c_str(), path.c_str()) == 0) return file;
  const Error error =
      filled ? system_error("cannot name", path) : system_error("cannot write", temporary);
  unlink(temporary.c_str());
  close(file);
  return error;
}

// Where a symbolic link leads; "" where none can be read.
std::string target_of(int directory, const std::string& link) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = readlinkat(directory, link.c_str(), target.data(), target.size());
  target.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  return target;
}

bool is_own(int file) {
  struct stat status {};
  return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
         status.st_nlink == 1 && (status.st_mode & S_IWOTH) == 0;
}

}  // namespace

std::string status_file_name(std::string_view spool) {
  while (spool.size() > 1 && spool.ends_with('/')) spool.remove_suffix(1);
  std::uint32_t hash = 0x811c9dc5u;
  for (const char byte : spool) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x01000193u;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name = "plivo-dial.";
  for (int shift = 28; shift >= 0; shift -= 4) name += kDigits[(hash >> shift) & 15u];
  return name + ".status";
}

Result<ServerStatus> open_status_file(const std::string& path, std::string_view spool) {
  ServerStatus status;
  status.file = open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  const bool own = status.file >= 0 && is_own(status.file);
  const std::string old = own ? whole_file(status.file) : "";
  const std::string content = first_content(old, spool);
  const bool same = own && head_of(old) == status_head() && spool_of(old) == spool;
  if (!same || fchmod(status.file, kMode) != 0) {
    if (status.file >= 0) close(status.file);
    const Result<int> made = replace(path, content);
    if (!made) return made.error();
    status.file = *made;
  }
  status.memory = share(content);
  if (status.memory != nullptr) return status;
  const Error error = system_error("cannot have memory for", path);
  close_status(status);
  return error;
}

ServerStatus anonymous_status(std::string_view spool) {
  return {share(first_content("", spool)), -1};
}

void publish_status(const ServerStatus& status) {
  if (status.file < 0) return;
  [[maybe_unused]] const ssize_t written =
      pwrite(status.file, static_cast<const void*>(status.memory), sizeof *status.memory, 0);
}

void close_status(ServerStatus& status) {
  if (status.memory != nullptr) munmap(static_cast<void*>(status.memory), sizeof *status.memory);
  if (status.file >= 0) close(status.file);
  status = {};
}

Result<StatusReport> read_status_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) return system_error("cannot open httpd's status file", path);
  const std::string bytes = whole_file(file.get());
  const std::optional<StatusHead> head = head_of(bytes);
  if (!head) {
    return Error{"'" + path + "' is no status file of httpd's, or not a whole one; reload httpd, " +
                 "which writes it anew"};
  }
  if (head->version != kStatusVersion) {
    return Error{"'" + path + "' has version " + std::to_string(head->version) +
                 ", and this program knows version " + std::to_string(kStatusVersion) +
                 ": after an upgrade reload httpd"};
  }
  StatusReport report;
  report.path = path;
  StatusSectionPlace place{};
  StatusServer server{};
  if (read_entry(section_of(bytes, *head, StatusSection::kServer, &place), place, 0, &server)) {
    report.spool = text_of(server.spool);
    report.parent = static_cast<pid_t>(server.parent.load());
    report.dispatcher = static_cast<pid_t>(server.dispatcher.load());
    report.configured_us = static_cast<std::int64_t>(server.configured_us.load());
    if (server.min_free.load() > 0) report.min_free = server.min_free.load() - 1;
  }
  place = {};
  const std::string_view refused = section_of(bytes, *head, StatusSection::kRefusedEvents, &place);
  for (std::uint32_t i = 0;; ++i) {
    StatusRefusedEvents entry{};
    if (!read_entry(refused, place, i, &entry)) break;
    if (entry.last_us.load() == 0) continue;
    report.refused_events.push_back(
        {static_cast<uid_t>(entry.user.load() - 1), entry.refused.load(), entry.logged.load(),
         entry.failed_trials.load(), static_cast<std::int64_t>(entry.since_us.load()),
         static_cast<std::int64_t>(entry.last_us.load()), read_status_text(entry.reason)});
  }
  return report;
}

bool link_status_file(const std::string& spool, const std::string& path) {
  const std::string name(kStatusLink);
  const std::string temporary = name + ".new";
  // Root does this in a directory of httpd's user: by the directory's descriptor, and nothing that
  // lies there is followed.
  const Descriptor directory(open(spool.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return false;
  if (target_of(directory.get(), name) == path) return true;
  unlinkat(directory.get(), temporary.c_str(), 0);
  return symlinkat(path.c_str(), directory.get(), temporary.c_str()) == 0 &&
         renameat(directory.get(), temporary.c_str(), directory.get(), name.c_str()) == 0;
}

std::vector<std::string> find_status_files(const std::string& spool,
                                           std::span<const char* const> runtime) {
  std::vector<std::string> files;
  const auto take = [&files](const std::string& path) {
    if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
  };
  const std::string target = target_of(AT_FDCWD, spool + "/" + std::string(kStatusLink));
  if (target.starts_with('/')) take(target);
  for (const char* const directory : runtime) {
    glob_t found{};
    const std::string pattern = std::string(directory) + "/" + status_file_name(spool);
    glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
    for (std::size_t i = 0; i < found.gl_pathc; ++i) take(found.gl_pathv[i]);
    globfree(&found);
  }
  return files;
}

}  // namespace plivo_dial
