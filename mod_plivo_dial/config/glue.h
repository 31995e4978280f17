/* File: mod_plivo_dial/config/glue.h
 *
 * What the C file with the module record needs of the C++ files: hooks, config life cycle and one
 * setter for each directive, with the types that httpd calls them by. C checks their arity against
 * the command table, which a cast in C++ would hide.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef MOD_PLIVO_DIAL_GLUE_H
#define MOD_PLIVO_DIAL_GLUE_H

#include <httpd.h>

#include <http_config.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Life cycle of the per-directory and per-server configurations (config.cc). */
void* plivo_create_dir_config(apr_pool_t* pool, char* directory);
void* plivo_merge_dir_config(apr_pool_t* pool, void* base, void* add);
void* plivo_create_server_config(apr_pool_t* pool, server_rec* server);

/* All hooks, on one screen (hooks.cc). */
void plivo_register_hooks(apr_pool_t* pool);

/* Where a directive may stand. httpd itself is told RSRC_CONF | ACCESS_CONF for all of them, so
 * that the setters can say what is wrong with a place and where to move the line. */
enum plivo_context {
  PLIVO_IN_MAIN_SERVER,        /* outside of every section */
  PLIVO_IN_SERVER,             /* main server, <VirtualHost> */
  PLIVO_IN_SERVER_OR_LOCATION, /* main server, <VirtualHost>, <Location>, <PlivoNumber> */
  PLIVO_IN_LOCATION,           /* <Location>, <PlivoNumber> */
  PLIVO_IN_MENU                /* <PlivoMenu>, which reads its lines itself */
};

/* Setters (plan_directives.cc, server_directives.cc, trust_directives.cc, plivo_number.cc), one for
 * each line of directives.inc. */
#define PLIVO_SETTER_TAKE1(setter) \
  const char* setter(cmd_parms* parms, void* config, const char* argument);
#define PLIVO_SETTER_TAKE12(setter) \
  const char* setter(cmd_parms* parms, void* config, const char* first, const char* second);
#define PLIVO_SETTER_RAW_ARGS(setter) \
  const char* setter(cmd_parms* parms, void* config, const char* arguments);
#define PLIVO_DIRECTIVE(name, shape, setter, context, in_number, help) PLIVO_SETTER_##shape(setter)
#include "mod_plivo_dial/config/directives.inc"
#undef PLIVO_DIRECTIVE

#ifdef __cplusplus
}
#endif

#endif
