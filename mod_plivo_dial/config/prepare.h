// File: mod_plivo_dial/config/prepare.h
//
// What requests will need of the configuration, made once when all of it has been read: the
// sections as they lie on top of each other, the documents of their plans, and the secrets. It
// judges nothing but what can't be made.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/tables/tables.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/documents.h"
#include "mod_plivo_dial/config/secrets.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

struct Prepared {
  std::vector<Section> sections;
  const AnswerBooks* books = nullptr;
  const Documents* documents = nullptr;
  Tables* tables = nullptr;                  // null where no line needs any
  std::vector<std::string> document_errors;  // with the positions of the lines that name the files
  std::vector<std::string> document_warnings;
  // Sections for which there is no book, and why.
  struct Unmade {
    Layers layers;
    std::string error;
  };
  std::vector<Unmade> unmade;
  LoadedSecrets secrets;  // what went wrong with them
};

// Books, documents and tables live in `pool`, all else as long as `scratch`.
Prepared prepare_configuration(apr_pool_t* pool, apr_pool_t* scratch, server_rec* main_server);

}  // namespace plivo_dial
