# Components: parts of impasto that take libraries of their own. Each has a switch, IMPASTO_<NAME>: AUTO (in
# when its libraries are there), ON (they have to be) or OFF. What is left out has one source, its
# stub, which says so. components() tells programs, IMPASTO_WITH_<NAME> these files.
set(IMPASTO_COMPONENTS AUTO CACHE STRING "The components whose own switch is AUTO: AUTO, ON or OFF")

# impasto_component(NAME DOES words TAKES words PACKAGES debian_package...
#                   [FIND arguments...] [MODULES module...] [LINK target...])
# DOES and TAKES are what people read: "fetching networks" takes "libcurl". FIND is for find_package,
# MODULES are for pkg-config, LINK are the targets that FIND brings.
function(impasto_component name)
  cmake_parse_arguments(PARSE_ARGV 1 its "" "DOES;TAKES" "PACKAGES;FIND;MODULES;LINK")
  string(TOUPPER ${name} upper)
  set(IMPASTO_${upper} AUTO CACHE STRING "Build in ${its_DOES}: AUTO, ON or OFF")
  set(wanted ${IMPASTO_${upper}})
  if(wanted STREQUAL "AUTO")
    set(wanted ${IMPASTO_COMPONENTS})
  endif()

  set(in FALSE)
  if(wanted)  # AUTO is as true as ON
    set(in TRUE)
    if(its_FIND)
      list(GET its_FIND 0 package)
      find_package(${its_FIND} QUIET)
      if(NOT ${package}_FOUND)
        set(in FALSE)
      endif()
    endif()
    if(its_MODULES)
      pkg_check_modules(IMPASTO_${upper} QUIET IMPORTED_TARGET ${its_MODULES})
      list(APPEND its_LINK PkgConfig::IMPASTO_${upper})
      if(NOT IMPASTO_${upper}_FOUND)
        set(in FALSE)
      endif()
    endif()
  endif()
  list(JOIN its_PACKAGES " " packages)
  if(NOT in AND wanted AND NOT wanted STREQUAL "AUTO")
    message(FATAL_ERROR "IMPASTO_${upper} is ON, but CMake does not find what ${its_DOES} takes: "
                        "${its_TAKES} (Debian: ${packages})")
  endif()

  set(IMPASTO_WITH_${upper} ${in} PARENT_SCOPE)
  string(TOLOWER ${in} in_cpp)
  set_property(GLOBAL APPEND_STRING PROPERTY impasto_component_table
    "    {\"${name}\", \"${its_DOES}\", \"${its_TAKES}\", \"${packages}\", ${in_cpp}},\n")
  if(NOT in)
    message(STATUS "impasto without ${name}: ${its_DOES} takes ${its_TAKES} (Debian: ${packages})")
    return()
  endif()
  message(STATUS "impasto with ${name}")
  target_link_libraries(impasto PRIVATE ${its_LINK})
  # What a program that links the installed library has to find.
  set(needs "")
  if(its_FIND)
    list(JOIN its_FIND " " arguments)
    string(APPEND needs "find_dependency(${arguments})\n")
  endif()
  if(its_MODULES)
    list(JOIN its_MODULES " " modules)
    string(APPEND needs "impasto_find_modules(IMPASTO_${upper} \"${its_TAKES}\" ${modules})\n")
  endif()
  set_property(GLOBAL APPEND_STRING PROPERTY impasto_component_needs "${needs}")
  set_property(GLOBAL APPEND_STRING PROPERTY impasto_component_found
    "set(impasto_${name}_FOUND TRUE)\n")
endfunction()

# impasto_component_sources(NAME [SOURCES file...] [STUB file]): a room's sources where the component
# is in, and where it is not. Called in the room.
function(impasto_component_sources name)
  cmake_parse_arguments(PARSE_ARGV 1 its "" "STUB" "SOURCES")
  string(TOUPPER ${name} upper)
  if(IMPASTO_WITH_${upper})
    target_sources(impasto PRIVATE ${its_SOURCES})
  else()
    target_sources(impasto PRIVATE ${its_STUB})
  endif()
endfunction()
