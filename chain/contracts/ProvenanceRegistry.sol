// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.24;

/// @title Registry of model provenance
/// @notice Says which manifest a publisher stands behind for a model. A model is named by the digest of its folder, a
/// manifest by the SHA-256 of its canonical bytes; both are computed elsewhere and never here.
/// @dev An entry never changes silently. The first write for a model wins, a correction is a further version that has to
/// name the one it follows, and a revocation is a mark that stays. There is no proxy and no deletion. Publishers are part
/// of the key, so that nobody can take a model's name before its maker does. Everything that a reader needs is in state
/// and readable by views that do not look at the caller; events repeat it.
contract ProvenanceRegistry {
    /// @notice What is known of a model, or of one manifest of it.
    enum Status {
        Unknown,
        Published,
        Superseded,
        Revoked
    }

    /// @notice One version of an entry.
    struct Version {
        bytes32 manifest;
        uint64 publishedAt;
        uint64 revokedAt;
        uint32 reason;
    }

    /// @notice Who published what.
    struct Key {
        address publisher;
        bytes32 model;
    }

    /// @notice Who decides which addresses may publish. The owner cannot write, change or remove an entry.
    address public owner;

    /// @notice Who becomes the owner by accepting.
    address public pendingOwner;

    /// @notice Whether an address may publish now.
    mapping(address publisher => bool) public isPublisher;

    mapping(address publisher => mapping(bytes32 model => Version[])) private entries;
    Key[] private keys;

    event Published(
        address indexed publisher, bytes32 indexed model, bytes32 indexed manifest, uint256 version
    );
    event Revoked(address indexed publisher, bytes32 indexed model, uint256 version, uint32 reason);
    event PublisherAuthorised(address indexed publisher);
    event PublisherWithdrawn(address indexed publisher);
    event OwnershipOffered(address indexed from, address indexed to);
    event OwnershipTransferred(address indexed from, address indexed to);

    /// @notice The caller is not the owner, or not the one to whom ownership was offered.
    error NotOwner(address caller);
    /// @notice The caller may not publish.
    error NotPublisher(address caller);
    /// @notice A digest or an address is zero.
    error ZeroValue();
    /// @notice The publisher has an entry for the model; the newest version is `version`.
    error AlreadyPublished(uint256 version);
    /// @notice The newest version is `version`, and not the one that the caller named.
    error NotNewest(uint256 version);
    /// @notice There is no such version.
    error NoSuchVersion(uint256 version);
    /// @notice The version was revoked before.
    error AlreadyRevoked(uint256 version);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor() {
        owner = msg.sender;
        emit OwnershipTransferred(address(0), msg.sender);
    }

    /// @notice Publishes the first manifest of a model.
    /// @param model digest of the model's folder
    /// @param manifest digest of the manifest
    function publish(bytes32 model, bytes32 manifest) external {
        uint256 count = entries[msg.sender][model].length;
        if (count != 0) revert AlreadyPublished(count);
        keys.push(Key(msg.sender, model));
        _add(model, manifest);
    }

    /// @notice Publishes a further manifest of a model. Earlier versions stay.
    /// @param newest the version that this one follows; another one by now makes the call fail
    function supersede(bytes32 model, uint256 newest, bytes32 manifest) external {
        uint256 count = entries[msg.sender][model].length;
        if (count == 0) revert NoSuchVersion(newest);
        if (count != newest) revert NotNewest(count);
        _add(model, manifest);
    }

    /// @notice Marks a version of the caller's own as revoked, for ever. Works also after the caller's right to publish
    /// was withdrawn.
    /// @param version counted from 1
    /// @param reason a code whose meaning the publisher documents
    function revoke(bytes32 model, uint256 version, uint32 reason) external {
        Version storage entry = _entry(msg.sender, model, version);
        if (entry.revokedAt != 0) revert AlreadyRevoked(version);
        entry.revokedAt = uint64(block.timestamp);
        entry.reason = reason;
        emit Revoked(msg.sender, model, version, reason);
    }

    /// @notice Lets an address publish.
    function authorise(address publisher) external onlyOwner {
        if (publisher == address(0)) revert ZeroValue();
        isPublisher[publisher] = true;
        emit PublisherAuthorised(publisher);
    }

    /// @notice Lets an address publish no longer. Its entries stay.
    function withdraw(address publisher) external onlyOwner {
        isPublisher[publisher] = false;
        emit PublisherWithdrawn(publisher);
    }

    /// @notice Offers ownership; it passes when the other accepts.
    function transferOwnership(address to) external onlyOwner {
        pendingOwner = to;
        emit OwnershipOffered(owner, to);
    }

    /// @notice Accepts ownership.
    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotOwner(msg.sender);
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }

    /// @notice The newest version of an entry, and whether it stands: one call, so that nobody forgets to ask.
    /// @return status Unknown if the publisher has no entry for the model
    /// @return version its number, counted from 1
    /// @return entry digest and times; all zero if unknown
    function lookup(address publisher, bytes32 model)
        external
        view
        returns (Status status, uint256 version, Version memory entry)
    {
        version = entries[publisher][model].length;
        if (version != 0) {
            entry = entries[publisher][model][version - 1];
            status = _status(entry, true);
        }
    }

    /// @notice Any version of an entry.
    function versionAt(address publisher, bytes32 model, uint256 version)
        external
        view
        returns (Status status, Version memory entry)
    {
        entry = _entry(publisher, model, version);
        status = _status(entry, version == entries[publisher][model].length);
    }

    /// @notice What a publisher says of this manifest for this model, looking from the newest version back.
    function verify(address publisher, bytes32 model, bytes32 manifest) external view returns (Status) {
        Version[] storage versions = entries[publisher][model];
        for (uint256 i = versions.length; i > 0; i--) {
            if (versions[i - 1].manifest == manifest) return _status(versions[i - 1], i == versions.length);
        }
        return Status.Unknown;
    }

    /// @notice How many models have an entry, over all publishers.
    function entryCount() external view returns (uint256) {
        return keys.length;
    }

    /// @notice Who published what, in order of first publication.
    /// @param offset how many to skip
    /// @param limit how many to give at the most
    function page(uint256 offset, uint256 limit) external view returns (Key[] memory found) {
        uint256 size = offset < keys.length ? keys.length - offset : 0;
        if (size > limit) size = limit;
        found = new Key[](size);
        for (uint256 i = 0; i < size; i++) {
            found[i] = keys[offset + i];
        }
    }

    function _add(bytes32 model, bytes32 manifest) private {
        if (!isPublisher[msg.sender]) revert NotPublisher(msg.sender);
        if (model == 0 || manifest == 0) revert ZeroValue();
        Version[] storage versions = entries[msg.sender][model];
        versions.push(Version(manifest, uint64(block.timestamp), 0, 0));
        emit Published(msg.sender, model, manifest, versions.length);
    }

    function _entry(address publisher, bytes32 model, uint256 version) private view returns (Version storage) {
        Version[] storage versions = entries[publisher][model];
        if (version == 0 || version > versions.length) revert NoSuchVersion(version);
        return versions[version - 1];
    }

    function _status(Version memory entry, bool newest) private pure returns (Status) {
        if (entry.revokedAt != 0) return Status.Revoked;
        return newest ? Status.Published : Status.Superseded;
    }
}
